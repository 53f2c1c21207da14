import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/// See topics.sh. The broker is this one at the address, and has this process id.
public final class TopicBench {
    private static final double TICKS_PER_SECOND = 100;
    private static final int KIB_PER_MIB = 1024;
    private static final double QUIET = 0.05;
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
            bench.row("nothing", () -> admin.describeCluster().nodes().get());
            bench.row("1 topic × 1,000 partitions", () -> create(admin, named("wide", 1, 1_000)));
            bench.row("1,000 topics × 1, one request", () -> create(admin, named("together", 1_000, 1)));
            bench.row("1,000 topics × 1, one after the other", () -> {
                for (var topic : named("single", 1_000, 1)) {
                    create(admin, List.of(topic));
                }
            });
            bench.row("10 topics × 1,000 partitions, one after the other", () -> {
                for (var topic : named("many", 10, 1_000)) {
                    create(admin, List.of(topic));
                }
            });
            bench.row("all 2,011 topics deleted, one request", () -> admin.deleteTopics(admin.listTopics().names().get())
                    .all()
                    .get());
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

    private static void create(Admin admin, List<NewTopic> topics) throws Exception {
        admin.createTopics(topics).all().get();
    }

    private void row(String what, Work work) throws Exception {
        double cpu = cpuSeconds();
        long start = System.nanoTime();
        work.run();
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        System.out.printf(
                "| %s | %s | %,d ms | %.1f s | %d MiB | %,d | %,d |%n",
                name, what, ms, cpuSeconds() - cpu, residentMib(), descriptors(), files());
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
            }
        }
        return count;
    }
}
