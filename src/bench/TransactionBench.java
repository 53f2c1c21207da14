import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// See transactions.sh.
public final class TransactionBench {
    private static final int ROUNDS = Integer.getInteger("rounds");
    private static final int SECONDS = Integer.getInteger("seconds");
    private static final int PARTITIONS = 10;
    private static final int VALUE_BYTES = 100;
    private static final double TICKS_PER_SECOND = 100;
    private static final String TOPIC = "transaction-bench";

    private record Target(String name, String address, long pid) {
        static Target parse(String text) {
            var fields = text.split("[=,]");
            return new Target(fields[0], fields[1], Long.parseLong(fields[2]));
        }

        double cpuSeconds() throws IOException {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        }
    }

    /// @param partitions that each transaction writes one record to
    /// @param offsets whether it commits an offset as well
    private record Work(String label, int producers, int partitions, boolean offsets) {}

    public static void main(String... arguments) throws Exception {
        var targets = Arrays.stream(arguments).map(Target::parse).toList();
        var works = List.of(
                new Work("1 producer, 1 record in 1 partition", 1, 1, false),
                new Work("1 producer, 10 records in 10 partitions", 1, PARTITIONS, false),
                new Work("1 producer, 1 record and an offset", 1, 1, true),
                new Work("8 producers, 1 record in 1 partition", 8, 1, false));
        var results = new LinkedHashMap<String, List<double[]>>();
        for (int round = 0; round <= ROUNDS; round++) {
            System.err.printf("round %d of %d%n", round, ROUNDS);
            for (var work : works) {
                for (var target : targets) {
                    var result = measure(target, work);
                    if (round > 0) {
                        results.computeIfAbsent(work.label() + " | " + target.name(), _ -> new ArrayList<>())
                                .add(result);
                    }
                }
            }
        }
        System.out.printf("%n| each transaction | broker | transactions/s | CPU ms per transaction |%n|---|---|---|---|%n");
        results.forEach((label, rounds) ->
                System.out.printf("| %s | %.0f | %.3f |%n", label, median(rounds, 0), median(rounds, 1)));
    }

    private static double median(List<double[]> rounds, int column) {
        return rounds.stream().mapToDouble(all -> all[column]).sorted().toArray()[rounds.size() / 2];
    }

    private static double[] measure(Target target, Work work) throws Exception {
        try (var executor = Executors.newFixedThreadPool(work.producers())) {
            var producers = new ArrayList<KafkaProducer<byte[], byte[]>>();
            for (int i = 0; i < work.producers(); i++) {
                producers.add(producer(target, "bench-" + i));
            }
            double cpu = target.cpuSeconds();
            long begin = System.nanoTime();
            var running = producers.stream()
                    .map(producer -> (Callable<Integer>) () -> run(producer, work, begin))
                    .map(executor::submit)
                    .toList();
            int count = 0;
            for (var each : running) {
                count += each.get();
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            double used = target.cpuSeconds() - cpu;
            producers.forEach(KafkaProducer::close);
            return new double[] {count / seconds, used * 1000 / count};
        }
    }

    private static int run(KafkaProducer<byte[], byte[]> producer, Work work, long begin) {
        var value = new byte[VALUE_BYTES];
        int count = 0;
        while (System.nanoTime() - begin < SECONDS * 1_000_000_000L) {
            producer.beginTransaction();
            IntStream.range(0, work.partitions())
                    .forEach(partition -> producer.send(new ProducerRecord<>(TOPIC, partition, null, value)));
            if (work.offsets()) {
                producer.sendOffsetsToTransaction(
                        Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(count)),
                        new ConsumerGroupMetadata("bench", -1, "", Optional.empty()));
            }
            producer.commitTransaction();
            count++;
        }
        return count;
    }

    private static KafkaProducer<byte[], byte[]> producer(Target target, String id) {
        var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", target.address(), "transactional.id", id, "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }
}
