package io.vitrine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.WireClient;
import io.vitrine.fault.Faults;
import io.vitrine.handler.ApiVersionsHandler;
import io.vitrine.metadata.MetadataService;
import io.vitrine.metadata.MetadataSettings;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.ApiTable;
import io.vitrine.protocol.FileRecords;
import io.vitrine.protocol.OpenRecords;
import io.vitrine.protocol.RefusalEntry;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestCounters;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import io.vitrine.tap.RecentExchanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers with records that leave from files, whatever the client or the file does meanwhile.
class FileAnswersTests {
    private static final short VERSION = 12;
    private static final int FILE_BYTES = 32 * 1024 * 1024;
    private static final int MIN_REGION_BYTES = 1000;

    @TempDir
    Path directory;

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    private final RefusalJournal refusals = new RefusalJournal(10);
    private final List<BaseRecords> answer = new ArrayList<>();
    private byte[] content;
    private Path file;
    private FileChannel channel;
    // Each test says how it listens.
    @SuppressWarnings("NullAway.Init")
    private KafkaListener listener;

    @BeforeEach
    void writeFile() throws IOException {
        content = new byte[FILE_BYTES];
        new Random(1).nextBytes(content);
        file = Files.write(directory.resolve("records"), content);
        channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        await().untilAtomic(held, count -> assertThat(count).isZero());
        assertThat(channel.isOpen()).isTrue();
        channel.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MIN_REGION_BYTES, Integer.MAX_VALUE})
    void regionsAndMemoryArriveInTheirOrder(int minRegionBytes) throws Exception {
        int port = listen(minRegionBytes);
        answer.addAll(List.of(
                region(0, 10),
                MemoryRecords.EMPTY,
                region(100, MIN_REGION_BYTES),
                MemoryRecords.readableRecords(ByteBuffer.wrap(content, 0, 500).slice()),
                region(5_000, 3_000_000),
                region(17, MIN_REGION_BYTES - 1)));
        try (var client = new WireClient(port)) {
            for (int i = 0; i < 3; i++) {
                var response = (FetchResponseData) client.call(ApiKeys.FETCH, VERSION, new FetchRequestData());

                var partitions = response.responses().getFirst().partitions();
                assertThat(partitions).hasSize(6);
                assertThat(bytes(partitions.get(0))).isEqualTo(content(0, 10));
                assertThat(bytes(partitions.get(1)).hasRemaining()).isFalse();
                assertThat(bytes(partitions.get(2))).isEqualTo(content(100, MIN_REGION_BYTES));
                assertThat(bytes(partitions.get(3))).isEqualTo(content(0, 500));
                assertThat(bytes(partitions.get(4))).isEqualTo(content(5_000, 3_000_000));
                assertThat(bytes(partitions.get(5))).isEqualTo(content(17, MIN_REGION_BYTES - 1));
            }
        }
        assertThat(opened).hasValue(12);
        await().until(() -> listener.bytesSent() > 3 * 3_000_000);
        int fromFiles = minRegionBytes == Integer.MAX_VALUE
                ? 0
                : 3 * (3_000_000 + MIN_REGION_BYTES + (minRegionBytes == 1 ? 10 + MIN_REGION_BYTES - 1 : 0));
        assertThat(listener.bytesSentFromFiles()).isEqualTo(fromFiles);
    }

    @Test
    void aClientThatLeavesInTheMiddleHoldsNothing() throws Exception {
        int port = listen(MIN_REGION_BYTES);
        answer.addAll(List.of(region(0, 20_000_000), region(0, 20_000_000)));
        for (int i = 0; i < 10; i++) {
            try (var client = new WireClient(port)) {
                client.send(ApiKeys.FETCH, VERSION, 1, new FetchRequestData());
                await().untilAtomic(held, count -> assertThat(count).isEqualTo(2));
            }
            await().untilAtomic(held, count -> assertThat(count).isZero());
        }
        assertThat(refusals.total()).isZero();
    }

    @Test
    void aClientThatTakesNothingIsServedNoMore() throws Exception {
        int port = listen(MIN_REGION_BYTES);
        answer.add(region(0, 20_000_000));
        try (var slow = new WireClient(port)) {
            for (int i = 0; i < 20; i++) {
                slow.send(ApiKeys.FETCH, VERSION, i, new FetchRequestData());
            }
            try (var other = new WireClient(port)) {
                for (int i = 0; i < 5; i++) {
                    other.call(ApiKeys.FETCH, VERSION, new FetchRequestData());
                }
            }
            assertThat(served).hasValue(6);
            for (int i = 0; i < 20; i++) {
                var response = (FetchResponseData) slow.receive(ApiKeys.FETCH, VERSION, i);
                assertThat(bytes(response.responses().getFirst().partitions().getFirst()))
                        .isEqualTo(content(0, 20_000_000));
            }
        }
    }

    @Test
    void aFileThatHasBecomeShorterClosesTheConnection() throws Exception {
        int port = listen(MIN_REGION_BYTES);
        answer.add(region(0, FILE_BYTES));
        try (var client = new WireClient(port)) {
            client.send(ApiKeys.FETCH, VERSION, 1, new FetchRequestData());
            await().untilAtomic(held, count -> assertThat(count).isOne());
            try (var writer = FileChannel.open(file, StandardOpenOption.WRITE)) {
                writer.truncate(FILE_BYTES - 1);
            }

            assertThat(client.countBytesUntilClosed()).isLessThan(FILE_BYTES);
        }
        // The client sees the end first.
        await().until(() -> refusals.total() > 0);
        assertThat(refusals.latest(10))
                .extracting(RefusalEntry::detail)
                .singleElement()
                .asString()
                .contains("could not be sent to its end");
    }

    @ParameterizedTest
    @ValueSource(ints = {MIN_REGION_BYTES, Integer.MAX_VALUE})
    void recordsThatCannotBeHadCloseTheConnection(int minRegionBytes) throws Exception {
        int port = listen(minRegionBytes);
        answer.addAll(List.of(region(0, 2_000_000), new Region(0, 2_000_000, true)));
        try (var client = new WireClient(port)) {
            client.send(ApiKeys.FETCH, VERSION, 1, new FetchRequestData());

            assertThat(client.isClosedByBroker()).isTrue();
        }
        await().untilAtomic(held, count -> assertThat(count).isZero());
        assertThat(refusals.latest(10))
                .extracting(RefusalEntry::detail)
                .containsExactly("the records for Fetch could not be read: gone");
    }

    @Test
    void aCopyOfAFileThatHasBecomeShorterClosesTheConnection() throws Exception {
        int port = listen(Integer.MAX_VALUE);
        answer.add(region(FILE_BYTES - 10, 20));
        try (var client = new WireClient(port)) {
            client.send(ApiKeys.FETCH, VERSION, 1, new FetchRequestData());

            assertThat(client.isClosedByBroker()).isTrue();
        }
        assertThat(refusals.latest(1).getFirst().detail()).contains("10 bytes before the end");
    }

    private BaseRecords region(int position, int count) {
        return new Region(position, count, false);
    }

    private ByteBuffer content(int from, int count) {
        return ByteBuffer.wrap(content, from, count);
    }

    private static ByteBuffer bytes(PartitionData partition) {
        return ((MemoryRecords) partition.records()).buffer();
    }

    private int listen(int minRegionBytes) throws Exception {
        var metadata = MetadataService.open(new MetadataSettings(1, List.of(directory), directory));
        var apis = new ApiTable(List.of(new Fetches()));
        var apiVersions = new ApiVersionsHandler(apis, metadata);
        var settings = new ListenerSettings(
                List.of(new ListenerSettings.Endpoint("PLAINTEXT", "127.0.0.1", 0)),
                1_000_000,
                100_000,
                1_000_000,
                1_000_000,
                10,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                minRegionBytes);
        var dispatcher = new RequestDispatcher(apis, apiVersions, refusals, new Faults(_ -> null, Clock.systemUTC()));
        listener =
                new KafkaListener(settings, dispatcher, new RequestCounters(apis), new RecentExchanges(1, 1_000_000));
        listener.start();
        metadata.close();
        return Objects.requireNonNull(listener.addresses().get("PLAINTEXT")).getPort();
    }

    /// Answers every fetch with the records of the test, each a partition.
    private final class Fetches implements RequestHandler<FetchRequestData> {
        @Override
        public ApiKeys apiKey() {
            return ApiKeys.FETCH;
        }

        @Override
        public VersionRange versions() {
            return VersionRange.of(VERSION, VERSION);
        }

        @Override
        public CompletionStage<Answer> handle(Request<FetchRequestData> request) {
            served.incrementAndGet();
            var topic = new FetchableTopicResponse().setTopic("orders");
            answer.forEach(records -> topic.partitions().add(new PartitionData().setRecords(records)));
            var response = new FetchResponseData().setResponses(List.of(topic));
            return CompletableFuture.completedFuture(new Answer.Message(response));
        }
    }

    private final class Region implements FileRecords {
        private final int position;
        private final int count;
        private final boolean gone;

        Region(int position, int count, boolean gone) {
            this.position = position;
            this.count = count;
            this.gone = gone;
        }

        @Override
        public int sizeInBytes() {
            return count;
        }

        @Override
        public OpenRecords open() throws IOException {
            if (gone) {
                throw new IOException("gone");
            }
            opened.incrementAndGet();
            held.incrementAndGet();
            return new Held(position, count);
        }
    }

    private final class Held implements OpenRecords {
        private final int position;
        private final int count;
        private final AtomicBoolean closed = new AtomicBoolean();

        Held(int position, int count) {
            this.position = position;
            this.count = count;
        }

        @Override
        public FileChannel channel() {
            return channel;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public int sizeInBytes() {
            return count;
        }

        @Override
        public void close() {
            assertThat(closed.compareAndSet(false, true)).as("closed once").isTrue();
            held.decrementAndGet();
        }
    }
}
