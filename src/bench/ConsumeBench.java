import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// See consume.sh.
public final class ConsumeBench {
    private static final int ROUNDS = Integer.getInteger("rounds");
    private static final int SECONDS = Integer.getInteger("seconds");
    private static final int RATE = Integer.getInteger("rate");
    private static final long BYTES = Long.getLong("mb") * 1024 * 1024;
    private static final int IDLE = Integer.getInteger("idle");
    private static final String ONLY = System.getProperty("only", "");
    private static final int PARTITIONS = 100;
    private static final int VALUE_BYTES = 1024;
    private static final int WARM_UP_SECONDS = 2;
    private static final double TICKS_PER_SECOND = 100;
    private static final short FETCH_VERSION = 12;

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

        double memoryMib() throws IOException {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS"))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                    .sum();
        }
    }

    @FunctionalInterface
    private interface Work {
        double[] measure(Target target) throws Exception;
    }

    /// Rows of one table: for each work and broker the results of its rounds.
    private record Table(String columns, int columnCount, Map<String, List<double[]>> rows) {
        static Table of(String... columns) {
            return new Table(String.join(" | ", columns), columns.length, new LinkedHashMap<>());
        }

        void print() {
            System.out.printf("%n| work | broker | %s |%n|%s%n", columns, "---|".repeat(columnCount + 2));
            rows.forEach((label, results) -> {
                System.out.print("| " + label);
                for (int i = 0; i < columnCount; i++) {
                    int column = i;
                    var values = results.stream().mapToDouble(all -> all[column]).sorted().toArray();
                    System.out.printf(" | %.3f", values[values.length / 2]);
                }
                System.out.println(" |");
            });
        }
    }

    public static void main(String[] args) throws Exception {
        var targets = Arrays.stream(args).map(Target::parse).toList();
        for (var target : targets) {
            fill(target, topic(1), 1);
            fill(target, topic(PARTITIONS), PARTITIONS);
        }
        var endToEnd = Table.of("p50 ms", "p99 ms", "greatest ms", "CPU ms per s");
        var throughput = Table.of("MB/s", "CPU s per GB");
        var idle = Table.of("CPU ms per s", "memory MiB", "fetches per s");
        var atRate = "end to end, %d records/s of %d bytes, linger.ms=0, acks=".formatted(RATE, VALUE_BYTES);
        for (int round = 0; round <= ROUNDS; round++) {
            System.err.printf("round %d of %d%n", round, ROUNDS);
            run(round, endToEnd, atRate + "1", targets, target -> endToEnd(target, "1"));
            run(round, endToEnd, atRate + "all", targets, target -> endToEnd(target, "all"));
            run(round, throughput, "Kafka's consumer, 1 partition", targets, target -> consume(target, 1));
            run(round, throughput, "Kafka's consumer, 100 partitions", targets, target -> consume(target, PARTITIONS));
            run(round, idle, IDLE + " idle consumers", targets, ConsumeBench::idle);
        }
        endToEnd.print();
        throughput.print();
        idle.print();
    }

    /// The round before the first warms up.
    private static void run(int round, Table table, String label, List<Target> targets, Work work) throws Exception {
        for (var target : label.startsWith(ONLY) ? targets : List.<Target>of()) {
            var result = work.measure(target);
            if (round > 0) {
                table.rows()
                        .computeIfAbsent(label + " | " + target.name(), _ -> new ArrayList<>())
                        .add(result);
            }
        }
    }

    private static String topic(int partitions) {
        return "consume-bench-" + partitions + "-" + ProcessHandle.current().pid();
    }

    private static KafkaProducer<byte[], byte[]> producer(Target target, String acks, int lingerMs) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", target.address(),
                        "acks", acks,
                        "enable.idempotence", acks.equals("all"),
                        "linger.ms", lingerMs),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Target target) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", target.address(), "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static byte[] value(Random random) {
        var value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        return value;
    }

    private static void fill(Target target, String topic, int partitions) throws Exception {
        var value = value(new Random(1));
        try (var producer = producer(target, "1", 5)) {
            while (producer.partitionsFor(topic).size() < PARTITIONS) {
                Thread.sleep(100);
            }
            for (long i = 0; i < BYTES / VALUE_BYTES; i++) {
                producer.send(new ProducerRecord<>(topic, (int) (i / 16 % partitions), null, value));
            }
        }
    }

    /// A record tells when it was sent; the same clock says when it has come.
    private static double[] endToEnd(Target target, String acks) throws Exception {
        var topic = "%s-e2e-%s".formatted(topic(1), acks);
        var partition = new TopicPartition(topic, 0);
        int skipped = RATE * WARM_UP_SECONDS;
        int count = RATE * (WARM_UP_SECONDS + SECONDS);
        var latencies = new long[count];
        try (var producer = producer(target, acks, 0);
                var consumer = consumer(target);
                var executor = Executors.newSingleThreadExecutor()) {
            while (producer.partitionsFor(topic).size() < PARTITIONS) {
                Thread.sleep(100);
            }
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            consumer.position(partition);
            var received = executor.submit(() -> {
                for (int i = 0; i < count; ) {
                    for (var record : consumer.poll(Duration.ofSeconds(1))) {
                        latencies[i++] = System.nanoTime() - ByteBuffer.wrap(record.value()).getLong();
                    }
                }
                return null;
            });
            var random = new Random(2);
            double cpu = 0;
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                if (i == skipped) {
                    cpu = target.cpuSeconds();
                }
                long due = begin + i * 1_000_000_000L / RATE;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                var value = value(random);
                ByteBuffer.wrap(value).putLong(System.nanoTime());
                producer.send(new ProducerRecord<>(topic, 0, null, value));
            }
            received.get(1, TimeUnit.MINUTES);
            double used = target.cpuSeconds() - cpu;
            var sorted = Arrays.stream(latencies).skip(skipped).sorted().mapToDouble(nanos -> nanos / 1e6).toArray();
            return new double[] {
                sorted[sorted.length / 2],
                sorted[(int) (sorted.length * 0.99)],
                sorted[sorted.length - 1],
                used * 1000 / SECONDS
            };
        }
    }

    private static double[] consume(Target target, int partitions) throws Exception {
        var all = IntStream.range(0, partitions)
                .mapToObj(index -> new TopicPartition(topic(partitions), index))
                .toList();
        try (var consumer = consumer(target)) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            double cpu = target.cpuSeconds();
            long begin = System.nanoTime();
            long bytes = 0;
            while (bytes < BYTES / VALUE_BYTES * VALUE_BYTES) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    bytes += record.value().length;
                }
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new double[] {bytes / seconds / 1e6, (target.cpuSeconds() - cpu) / bytes * 1e9};
        }
    }

    /// Many consumers at the end of their partitions, as Kafka's own behaves there: a fetch session each, one fetch after
    /// the other that waits half a second.
    private static double[] idle(Target target) throws Exception {
        var fetches = new AtomicLong();
        var begun = new CountDownLatch(IDLE);
        var sockets = new ArrayList<Socket>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < IDLE; i++) {
                var socket = new Socket(
                        target.address().split(":")[0],
                        Integer.parseInt(target.address().split(":")[1]));
                sockets.add(socket);
                int partition = i % PARTITIONS;
                executor.submit(() -> waitForRecords(socket, partition, begun, fetches));
            }
            begun.await();
            Thread.sleep(1000L * WARM_UP_SECONDS);
            double cpu = target.cpuSeconds();
            long before = fetches.get();
            Thread.sleep(1000L * SECONDS);
            double used = target.cpuSeconds() - cpu;
            double memory = target.memoryMib();
            long count = fetches.get() - before;
            for (var socket : sockets) {
                socket.close();
            }
            return new double[] {used * 1000 / SECONDS, memory, (double) count / SECONDS};
        }
    }

    private static Void waitForRecords(Socket socket, int partition, CountDownLatch begun, AtomicLong fetches)
            throws IOException {
        var out = socket.getOutputStream();
        var in = new DataInputStream(socket.getInputStream());
        // The last partition of a topic of its own has never been written to.
        var asked = new FetchTopic().setTopic(topic(1)).setPartitions(List.of(new FetchPartition()
                .setPartition(Math.max(1, partition))
                .setFetchOffset(0)
                .setPartitionMaxBytes(1024 * 1024)));
        var request = new FetchRequestData()
                .setMaxWaitMs(500)
                .setMinBytes(1)
                .setMaxBytes(50 * 1024 * 1024)
                .setSessionEpoch(0)
                .setTopics(List.of(asked));
        for (int epoch = 1; ; epoch++) {
            var answer = fetch(out, in, request);
            if (answer.errorCode() != 0) {
                throw new IOException("fetch failed with " + answer.errorCode());
            }
            if (epoch == 1) {
                begun.countDown();
            }
            fetches.incrementAndGet();
            boolean kept = answer.sessionId() != 0;
            request.setSessionId(answer.sessionId())
                    .setSessionEpoch(kept ? epoch : 0)
                    .setTopics(kept ? List.of() : List.of(asked));
        }
    }

    private static FetchResponseData fetch(OutputStream out, DataInputStream in, FetchRequestData request)
            throws IOException {
        var header = MessageUtil.toByteBufferAccessor(
                        new RequestHeaderData()
                                .setRequestApiKey(ApiKeys.FETCH.id)
                                .setRequestApiVersion(FETCH_VERSION)
                                .setClientId("idle"),
                        ApiKeys.FETCH.requestHeaderVersion(FETCH_VERSION))
                .buffer();
        var body = MessageUtil.toByteBufferAccessor(request, FETCH_VERSION).buffer();
        int size = header.remaining() + body.remaining();
        out.write(ByteBuffer.allocate(4 + size).putInt(size).put(header).put(body).array());
        var frame = new byte[in.readInt()];
        in.readFully(frame);
        var reader = new ByteBufferAccessor(ByteBuffer.wrap(frame));
        new ResponseHeaderData(reader, ApiKeys.FETCH.responseHeaderVersion(FETCH_VERSION));
        var response = new FetchResponseData();
        response.read(reader, FETCH_VERSION);
        return response;
    }
}
