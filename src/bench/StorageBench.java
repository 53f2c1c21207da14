import io.vitrine.log.LogDirectory;
import io.vitrine.log.LogSettings;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.MetadataSettings;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.PartitionSettings;
import io.vitrine.partition.ReadOutcome;
import io.vitrine.record.BatchSlice;
import io.vitrine.partition.TopicRules;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.storage.log.FetchIsolation;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

/// What the log costs without network and protocol, three times over: the machine's floor (checksum and write, or
/// read, of one file), Apache Kafka's own log, and Vitrine's partition. The same batches go into each in turn; each
/// figure is the median of the rounds after one to warm up. See `storage.sh` beside this file.
public final class StorageBench {
    private static final int MIB = 1024 * 1024;
    private static final int RECORD_BYTES = 1024;
    private static final int BATCH_RECORDS = 16;

    private final Path work;
    private final int rounds;
    private final int megabytes;

    private StorageBench(Path work, int rounds, int megabytes) {
        this.work = work;
        this.rounds = rounds;
        this.megabytes = megabytes;
    }

    public static void main(String[] args) throws Exception {
        var bench = new StorageBench(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        System.out.println("| work | log | MB/s | CPU s per GB | appends/s | fsyncs per append |");
        System.out.println("|---|---|---|---|---|---|");
        for (int partitions : new int[] {1, 100}) {
            bench.compare("append, page cache, %d partition%s".formatted(partitions, partitions == 1 ? "" : "s"), partitions, 0);
        }
        for (int waiters : new int[] {1, 8, 64}) {
            bench.compare("append and fsync, 1 partition, %d waiting".formatted(waiters), 1, waiters);
        }
        for (int waiters : new int[] {8, 64}) {
            bench.compare("append and fsync, 100 partitions, %d waiting".formatted(waiters), 100, waiters);
        }
        bench.compareReads();
    }

    /// One contestant with so many logs.
    private interface Log extends AutoCloseable {
        /// @param durable return when it is on disk
        void append(int partition, ByteBuffer batch, boolean durable) throws Exception;

        /// Reads from the first byte to the last.
        long readAll() throws Exception;

        long fsyncs();
    }

    private record Figure(double megabytesPerSecond, double cpuPerGigabyte, double perSecond, double fsyncsPerAppend) {}

    private void compare(String work, int partitions, int waiters) throws Exception {
        var names = List.of("floor", "kafka", "vitrine");
        var figures = new ArrayList<List<Figure>>();
        names.forEach(_ -> figures.add(new ArrayList<>()));
        for (int round = 0; round <= rounds; round++) {
            for (int i = 0; i < names.size(); i++) {
                var figure = measure(names.get(i), partitions, waiters);
                if (round > 0) {
                    figures.get(i).add(figure);
                }
            }
        }
        for (int i = 0; i < names.size(); i++) {
            print(work, names.get(i), figures.get(i));
        }
    }

    private Figure measure(String name, int partitions, int waiters) throws Exception {
        var directory = Files.createDirectories(work.resolve(name));
        try (var log = open(name, directory, partitions)) {
            var batches = batches();
            int count = waiters == 0 ? (int) ((long) megabytes * MIB / batches.getFirst().limit()) : 4000;
            long cpu = processCpu();
            long start = System.nanoTime();
            if (waiters == 0) {
                for (int i = 0; i < count; i++) {
                    log.append(i % partitions, batches.get(i % batches.size()), false);
                }
            } else {
                appendSideBySide(log, partitions, waiters, count);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            double bytes = (double) count * batches.getFirst().limit();
            return new Figure(
                    bytes / 1e6 / seconds,
                    (processCpu() - cpu) / 1e9 / (bytes / 1e9),
                    count / seconds,
                    (double) log.fsyncs() / count);
        } finally {
            delete(directory);
        }
    }

    private static void appendSideBySide(Log log, int partitions, int waiters, int count) throws Exception {
        var ready = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int waiter = 0; waiter < waiters; waiter++) {
            int number = waiter;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    var mine = batches();
                    ready.await();
                    for (int i = number; i < count; i += waiters) {
                        log.append(i % partitions, mine.get(i % mine.size()), true);
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        ready.countDown();
        for (var thread : threads) {
            thread.join();
        }
    }

    private void compareReads() throws Exception {
        for (var name : List.of("floor", "kafka", "vitrine")) {
            var directory = Files.createDirectories(work.resolve(name));
            var figures = new ArrayList<Figure>();
            try (var log = open(name, directory, 1)) {
                var batches = batches();
                long bytes = 0;
                while (bytes < (long) megabytes * MIB) {
                    log.append(0, batches.get((int) (bytes % batches.size())), false);
                    bytes += batches.getFirst().limit();
                }
                for (int round = 0; round <= rounds; round++) {
                    long cpu = processCpu();
                    long start = System.nanoTime();
                    long read = log.readAll();
                    double seconds = (System.nanoTime() - start) / 1e9;
                    if (read != bytes) {
                        throw new IllegalStateException(name + " read " + read + " of " + bytes);
                    }
                    if (round > 0) {
                        figures.add(new Figure(
                                read / 1e6 / seconds, (processCpu() - cpu) / 1e9 / (read / 1e9), 0, 0));
                    }
                }
            } finally {
                delete(directory);
            }
            print("read from the page cache, 1 MiB at a time", name, figures);
        }
    }

    private static void print(String work, String name, List<Figure> figures) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.0f | %.3f | %.0f | %.3f |%n",
                work,
                name,
                median(figures.stream().mapToDouble(Figure::megabytesPerSecond).toArray()),
                median(figures.stream().mapToDouble(Figure::cpuPerGigabyte).toArray()),
                median(figures.stream().mapToDouble(Figure::perSecond).toArray()),
                median(figures.stream().mapToDouble(Figure::fsyncsPerAppend).toArray()));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /// A few batches of random records, so that no cache of a processor holds them all.
    private static List<ByteBuffer> batches() {
        var random = new Random(1);
        return IntStream.range(0, 64)
                .mapToObj(_ -> {
                    var records = new SimpleRecord[BATCH_RECORDS];
                    for (int i = 0; i < records.length; i++) {
                        var value = new byte[RECORD_BYTES];
                        random.nextBytes(value);
                        records[i] = new SimpleRecord(System.currentTimeMillis(), null, value);
                    }
                    var bytes = MemoryRecords.withRecords(Compression.NONE, records).buffer();
                    return ByteBuffer.allocateDirect(bytes.limit()).put(bytes.duplicate()).flip();
                })
                .toList();
    }

    private static Log open(String name, Path directory, int partitions) throws Exception {
        return switch (name) {
            case "floor" -> new Floor(directory, partitions);
            case "kafka" -> new Kafka(directory, partitions);
            default -> new Vitrine(directory, partitions);
        };
    }

    /// A checksum and one write into one file for each partition, and an fsync for each append that is to be durable.
    private static final class Floor implements Log {
        private final List<FileChannel> files = new ArrayList<>();
        private final List<Object> locks = new ArrayList<>();
        private final LongAdder fsyncs = new LongAdder();

        Floor(Path directory, int partitions) throws IOException {
            for (int i = 0; i < partitions; i++) {
                files.add(FileChannel.open(
                        directory.resolve("floor-" + i),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.READ));
                locks.add(new Object());
            }
        }

        @Override
        public void append(int partition, ByteBuffer batch, boolean durable) throws IOException {
            var crc = new CRC32C();
            crc.update(batch.duplicate());
            synchronized (locks.get(partition)) {
                var bytes = batch.duplicate();
                while (bytes.hasRemaining()) {
                    // The channel's own position is where the last write ended.
                    files.get(partition).write(bytes);
                }
            }
            if (durable) {
                files.get(partition).force(false);
                fsyncs.increment();
            }
        }

        @Override
        public long readAll() throws IOException {
            var buffer = ByteBuffer.allocateDirect(MIB);
            long position = 0;
            for (int count = 0; count >= 0; count = files.getFirst().read(buffer.clear(), position)) {
                position += count;
            }
            return position;
        }

        @Override
        public long fsyncs() {
            return fsyncs.sum();
        }

        @Override
        public void close() throws IOException {
            for (var file : files) {
                file.close();
            }
        }
    }

    /// Apache Kafka's log as its broker opens it; `flush.messages=1` has the same promise as an fsync for each
    /// append.
    private static final class Kafka implements Log {
        private final KafkaScheduler scheduler = new KafkaScheduler(1);
        private final List<UnifiedLog> logs = new ArrayList<>();
        private final LongAdder fsyncs = new LongAdder();

        Kafka(Path directory, int partitions) throws IOException {
            scheduler.startup();
            for (int i = 0; i < partitions; i++) {
                var path = Files.createDirectories(directory.resolve("bench-" + i));
                logs.add(UnifiedLog.create(
                        path.toFile(), new LogConfig(Map.of()), 0, 0, scheduler, new BrokerTopicStats(), Time.SYSTEM, 900_000,
                        new ProducerStateManagerConfig(86_400_000, false), 600_000, new LogDirFailureChannel(1), true,
                        Optional.empty()));
            }
        }

        @Override
        public void append(int partition, ByteBuffer batch, boolean durable) throws IOException {
            var log = logs.get(partition);
            // Kafka wants a base offset of 0 and writes the real one into the buffer.
            var own = batch.duplicate().putLong(0, 0);
            log.appendAsLeader(MemoryRecords.readableRecords(own), 0);
            if (durable) {
                log.flush(false);
                fsyncs.increment();
            }
        }

        private static int sizeOfBatch(ByteBuffer buffer, int at) {
            return 12 + buffer.getInt(at + 8);
        }

        @Override
        public long readAll() throws IOException {
            var log = logs.getFirst();
            var buffer = ByteBuffer.allocateDirect(2 * MIB);
            long read = 0;
            long offset = 0;
            while (offset < log.logEndOffset()) {
                var records = (FileRecords) log.read(offset, MIB, FetchIsolation.LOG_END, true).records;
                buffer.clear().limit(records.sizeInBytes());
                records.readInto(buffer, 0);
                int at = 0;
                // The last batch may be cut.
                while (buffer.limit() - at > 61 && buffer.limit() - at >= sizeOfBatch(buffer, at)) {
                    offset = buffer.getLong(at) + buffer.getInt(at + 23) + 1;
                    at += sizeOfBatch(buffer, at);
                }
                read += at;
            }
            return read;
        }

        @Override
        public long fsyncs() {
            return fsyncs.sum();
        }

        @Override
        public void close() throws Exception {
            logs.forEach(UnifiedLog::close);
            scheduler.shutdown();
        }
    }

    /// Our partitions with everything an append passes through: the check of its records, sequences, group commit.
    private static final class Vitrine implements Log {
        private final LogDirectory directory;
        private final MetadataService metadata;
        private final PartitionLogService service;
        private final List<Partition> partitions = new ArrayList<>();

        Vitrine(Path path, int count) throws Exception {
            directory = LogDirectory.open(path);
            metadata = MetadataService.open(MetadataSettings.of(1, path));
            directory.markInUse();
            var settings = PartitionSettings.of(1, TopicRules.KAFKA_DEFAULTS.withLog(LogSettings.DEFAULTS), true);
            service = new PartitionLogService(settings, List.of(directory), Clock.systemUTC());
            metadata.createTopic("bench", count, Map.of());
            service.apply(metadata.image());
            for (int i = 0; i < count; i++) {
                partitions.add(service.find(new TopicPartition("bench", i)).orElseThrow());
            }
        }

        @Override
        public void append(int partition, ByteBuffer batch, boolean durable) {
            var outcome = partitions
                    .get(partition)
                    .append(batch.putLong(0, 0), durable ? Durability.DISK : Durability.PAGE_CACHE, true)
                    .join();
            if (!(outcome instanceof AppendOutcome.Appended)) {
                throw new IllegalStateException(outcome.toString());
            }
        }

        @Override
        public long readAll() {
            long read = 0;
            long offset = 0;
            while (true) {
                var batches = (ReadOutcome.Batches<BatchSlice>) partitions.getFirst().read(offset, MIB);
                if (batches.slice().isEmpty()) {
                    return read;
                }
                read += batches.slice().bytes().remaining();
                for (var batch : batches.slice().batches()) {
                    offset = batch.nextOffset();
                }
            }
        }

        @Override
        public long fsyncs() {
            return service.flushCount();
        }

        @Override
        public void close() throws Exception {
            service.close();
            metadata.close();
            directory.close();
        }
    }

    private static long processCpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void delete(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
