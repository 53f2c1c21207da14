package io.vitrine;

import static io.vitrine.TransactionClients.QUICK_TRANSACTIONS;
import static io.vitrine.TransactionClients.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a broker that is killed at any step of EndTxn leaves on disk. The logs of the transaction's partitions end
/// before their markers or behind them, in any combination, while `__transaction_state` says that it is prepared; or
/// it does not say so yet, and nothing has a marker.
class TransactionCrashTests {
    private static final TopicPartition READ = new TopicPartition("read", 0);
    private static final int MARKED_LOGS = 3;

    @TempDir
    Path work;

    @ParameterizedTest(name = "version {0}, commit {1}")
    @CsvSource({"0, true", "2, true", "2, false"})
    void whatIsPreparedIsEndedWhateverHasItsMarker(int version, boolean commit) throws Exception {
        var image = crashAfter(version, commit);
        var marked =
                List.of(image.resolve("orders-0"), image.resolve("orders-1"), onlyWritten(image, "__consumer_offsets"));

        for (int missing = 0; missing < 1 << MARKED_LOGS; missing++) {
            var directory = work.resolve("crash-" + missing);
            copy(image, directory);
            cutLastBatch(onlyWritten(directory, "__transaction_state"));
            for (int i = 0; i < MARKED_LOGS; i++) {
                if ((missing & (1 << i)) != 0) {
                    cutLastBatch(directory.resolve(image.relativize(marked.get(i))));
                }
            }

            try (var broker = RunningBroker.in(directory, QUICK_TRANSACTIONS)) {
                var clients = new TransactionClients(broker.bootstrapServers());
                awaitState(clients, commit ? TransactionState.COMPLETE_COMMIT : TransactionState.COMPLETE_ABORT);

                assertThat(clients.committed("orders", 0)).isEqualTo(commit ? List.of("a") : List.of());
                assertThat(clients.committed("orders", 1)).isEqualTo(commit ? List.of("b") : List.of());
                assertThat(offsets(clients)).isEqualTo(commit ? Map.of(READ, new OffsetAndMetadata(7)) : Map.of());
                goesOn(clients, commit ? List.of("a", "next") : List.of("next"));
            }
        }
    }

    @ParameterizedTest(name = "version {0}")
    @CsvSource({"0", "2"})
    void whatIsOpenStaysOpenUntilItsProducerComesBack(int version) throws Exception {
        var directory = crashAfter(version, true);
        var state = onlyWritten(directory, "__transaction_state");
        cutLastBatch(state);
        cutLastBatch(state);
        for (var log : List.of("orders-0", "orders-1")) {
            cutLastBatch(directory.resolve(log));
        }
        cutLastBatch(onlyWritten(directory, "__consumer_offsets"));

        try (var broker = RunningBroker.in(directory, QUICK_TRANSACTIONS)) {
            var clients = new TransactionClients(broker.bootstrapServers());
            awaitState(clients, TransactionState.ONGOING);
            assertThat(clients.committed("orders", 0)).isEmpty();

            goesOn(clients, List.of("next"));

            assertThat(offsets(clients)).isEmpty();
            assertThat(clients.committed("orders", 1)).isEmpty();
        }
    }

    /// A directory as a broker leaves it that is killed when a transaction is complete.
    private Path crashAfter(int version, boolean commit) throws Exception {
        var image = work.resolve("image");
        try (var broker = RunningBroker.in(work.resolve("data"), QUICK_TRANSACTIONS)) {
            TransactionClients.speak(broker, version);
            broker.createTopic("orders", 2);
            broker.createTopic("read", 1);
            var clients = new TransactionClients(broker.bootstrapServers());
            try (var producer = clients.producer("t")) {
                producer.initTransactions();
                producer.beginTransaction();
                send(producer, "orders", 0, "a");
                send(producer, "orders", 1, "b");
                producer.sendOffsetsToTransaction(Map.of(READ, new OffsetAndMetadata(7)), clients.group("readers"));
                if (commit) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
                awaitState(clients, commit ? TransactionState.COMPLETE_COMMIT : TransactionState.COMPLETE_ABORT);
                copy(work.resolve("data"), image);
            }
        }
        return image;
    }

    private static void awaitState(TransactionClients clients, TransactionState state) {
        try (var admin = clients.admin()) {
            await().until(() -> describe(admin) == state);
        }
    }

    private static TransactionState describe(Admin admin) throws Exception {
        return admin.describeTransactions(List.of("t")).description("t").get().state();
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(TransactionClients clients) throws Exception {
        try (var admin = clients.admin()) {
            return admin.listConsumerGroupOffsets("readers")
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    /// The producer comes back.
    private static void goesOn(TransactionClients clients, List<String> then) throws Exception {
        try (var producer = clients.producer("t")) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "orders", 0, "next");
            producer.commitTransaction();
        }
        assertThat(clients.committed("orders", 0)).isEqualTo(then);
    }

    /// The one partition of a coordinator's topic that has been written to.
    private static Path onlyWritten(Path directory, String topic) throws IOException {
        try (var all = Files.list(directory)) {
            var written = all.filter(path -> path.getFileName().toString().startsWith(topic + "-"))
                    .filter(path -> !batches(path).isEmpty())
                    .toList();
            assertThat(written).hasSize(1);
            return written.getFirst();
        }
    }

    private static void cutLastBatch(Path partition) throws IOException {
        try (var log = FileChannel.open(log(partition), StandardOpenOption.WRITE)) {
            log.truncate(batches(partition).getLast());
        }
    }

    /// Where the batches of a log begin.
    private static List<Long> batches(Path partition) {
        try {
            var bytes = ByteBuffer.wrap(Files.readAllBytes(log(partition)));
            var positions = new ArrayList<Long>();
            for (int at = 0; at < bytes.limit(); at += 12 + bytes.getInt(at + 8)) {
                positions.add((long) at);
            }
            return positions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path log(Path partition) {
        return partition.resolve("00000000000000000000.log");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (var path : all.toList()) {
                var target = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else if (!path.getFileName().toString().equals(".lock")) {
                    Files.copy(path, target);
                }
            }
        }
    }
}
