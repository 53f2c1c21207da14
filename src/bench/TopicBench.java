import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// See topics.sh. The broker is this one at the address, and has this process id.
public final class TopicBench {
    private static final double TICKS_PER_SECOND = 100;
    private static final int KIB_PER_MIB = 1024;
    private static final double QUIET = 0.05;
    private static final int MAX_FILES_OF_THE_BROKER = 10;
    private static final int MAX_SECONDS_UNTIL_QUIET = 60;

    private final String name;
    private final Path process;
    private final Path logs;

    private TopicBench(String name, long pid, Path logs) {
        this.name = name;
        this.process = Path.of("/proc", String.valueOf(pid));
        this.logs = logs;
    }

    /// What is timed; the answer is there when it returns.
    private interface Work {
        void run() throws Exception;
    }

    public static void main(String... arguments) throws Exception {
        var bench = new TopicBench(arguments[0], Long.parseLong(arguments[2]), Path.of(arguments[3]));
        try (var admin = Admin.create(Map.of(
                "bootstrap.servers", arguments[1],
                "request.timeout.ms", "600000",
                "default.api.timeout.ms", "600000"))) {
            bench.awaitQuiet();
            bench.row("nothing", () -> admin.describeCluster().nodes().get(), () -> {});
            bench.creation(admin, "1 topic × 1,000 partitions", List.of(named("wide", 1, 1_000)));
            bench.creation(admin, "1,000 topics × 1, one request", List.of(named("together", 1_000, 1)));
            bench.creation(admin, "1,000 topics × 1, one after the other", eachAlone(named("single", 1_000, 1)));
            bench.creation(admin, "10 topics × 1,000 partitions, one after the other", eachAlone(named("many", 10, 1_000)));
            bench.row(
                    "all 2,011 topics deleted, one request",
                    () -> admin.deleteTopics(admin.listTopics().names().get())
                            .all()
                            .get(),
                    bench::awaitNoFiles);
        }
    }

    /// What a start leaves to be done in the background is no part of this.
    private void awaitQuiet() throws Exception {
        for (int i = 0; i < MAX_SECONDS_UNTIL_QUIET; i++) {
            double cpu = cpuSeconds();
            TimeUnit.SECONDS.sleep(1);
            if (cpuSeconds() - cpu < QUIET) {
                return;
            }
        }
    }

    private static List<NewTopic> named(String prefix, int count, int partitions) {
        return IntStream.range(0, count)
                .mapToObj(i -> new NewTopic(prefix + "-" + i, partitions, (short) 1))
                .toList();
    }

    private static List<List<NewTopic>> eachAlone(List<NewTopic> topics) {
        return topics.stream().map(List::of).toList();
    }

    /// A broker may answer before its partitions serve, so the last offsets of all are asked for as well.
    private void creation(Admin admin, String what, List<List<NewTopic>> requests) throws Exception {
        row(
                what,
                () -> {
                    for (var topics : requests) {
                        admin.createTopics(topics).all().get();
                    }
                },
                () -> {
                    var all = requests.stream()
                            .flatMap(List::stream)
                            .flatMap(topic -> IntStream.range(0, topic.numPartitions())
                                    .mapToObj(i -> new TopicPartition(topic.name(), i)))
                            .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
                    while (!serve(admin, all)) {
                        TimeUnit.MILLISECONDS.sleep(50);
                    }
                });
    }

    private static boolean serve(Admin admin, Map<TopicPartition, OffsetSpec> partitions) throws Exception {
        try {
            admin.listOffsets(partitions).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private void awaitNoFiles() throws Exception {
        while (files() > MAX_FILES_OF_THE_BROKER) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void row(String what, Work work, Work settling) throws Exception {
        double cpu = cpuSeconds();
        long start = System.nanoTime();
        work.run();
        long answered = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        settling.run();
        long settled = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        System.out.printf(
                "| %s | %s | %,d ms | %,d ms | %.1f s | %d MiB | %,d | %,d |%n",
                name, what, answered, settled, cpuSeconds() - cpu, residentMib(), descriptors(), files());
    }

    private double cpuSeconds() throws IOException {
        var stat = Files.readString(process.resolve("stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    private long residentMib() throws IOException {
        return Files.readAllLines(process.resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB)
                .sum();
    }

    private long descriptors() throws IOException {
        try (var open = Files.list(process.resolve("fd"))) {
            return open.count();
        }
    }

    /// Files in the log directory, without those of topics that are deleted and not removed yet.
    private long files() throws IOException {
        var directories = new ArrayList<Path>();
        try (var entries = Files.list(logs)) {
            entries.filter(entry -> Files.isDirectory(entry) && !entry.toString().endsWith("-delete"))
                    .forEach(directories::add);
        }
        long count = 0;
        for (var directory : directories) {
            try (var files = Files.list(directory)) {
                count += files.count();
            } catch (NoSuchFileException e) {
                // It was removed or renamed meanwhile.
                continue;
            }
        }
        return count;
    }
}
