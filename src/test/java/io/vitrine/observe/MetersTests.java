package io.vitrine.observe;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitrine.inspect.SampleBroker;
import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.ColdReads;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Isolation;
import io.vitrine.record.Batches;
import io.vitrine.record.Refusal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetersTests {
    @TempDir
    Path directory;

    SampleBroker broker;
    final MeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void open() throws Exception {
        broker = new SampleBroker(directory);
        broker.createTopic("orders", 2);
        new BrokerMeters(broker.partitions(), broker.metadata()).bindTo(registry);
    }

    @AfterEach
    void close() throws Exception {
        broker.close();
    }

    @Test
    void appendsAreCountedByTopic() {
        broker.append("orders", Compression.NONE, record("k", "v"), record("k", "v"));
        broker.append("orders", Compression.NONE, record("k", "v"));

        assertThat(counter("kafka.server.records.in", "topic", "orders")).isEqualTo(3);
        assertThat(counter("kafka.server.batches.in", "topic", "orders")).isEqualTo(2);
        assertThat(counter("kafka.server.bytes.in", "topic", "orders"))
                .isEqualTo((double) broker.log("orders").sizeInBytes());
        assertThat(registry.get("kafka.log.append.time").timer().count()).isEqualTo(2);
    }

    @Test
    void whatLiesOnTheDiskIsCounted() {
        broker.append("orders", Compression.NONE, record("k", "v"));

        assertThat(registry.get("kafka.log.segments").gauge().value()).isEqualTo(2);
        assertThat(registry.get("kafka.log.size").gauge().value())
                .isEqualTo((double) broker.log("orders").sizeInBytes());
        assertThat(registry.get("kafka.log.damaged.ranges").gauge().value()).isZero();
        assertThat(registry.get("kafka.log.segments.rolled").functionCounter().count())
                .isZero();
        assertThat(registry.get("kafka.log.recovery.logs.waiting").gauge().value())
                .isZero();
    }

    @Test
    void whatFetchesLoadFromTheDiskIsCounted() {
        broker.append("orders", Compression.NONE, record("k", "v"));
        var partition =
                broker.partitions().find(new TopicPartition("orders", 0)).orElseThrow();
        var part = new ColdReads.Part(partition, 0, 1000, Isolation.READ_UNCOMMITTED);

        broker.partitions().coldReads().load(List.of(part, part)).join();

        assertThat(registry.get("kafka.fetch.cold.reads").functionCounter().count())
                .isEqualTo(1);
        assertThat(registry.get("kafka.fetch.cold").functionCounter().count())
                .isEqualTo(2.0 * broker.log("orders").sizeInBytes());
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonHasItsCounterBeforeItHappens(Refusal.Reason reason) {
        assertThat(counter(
                        "kafka.server.batches.refused", "reason", reason.name().toLowerCase(Locale.ROOT)))
                .isZero();
    }

    @Test
    void refusalsAreCountedByReason() {
        var batch =
                MemoryRecords.withRecords(Compression.NONE, record("k", "v")).buffer();
        batch.put(batch.limit() - 1, (byte) 9);
        append(batch);
        append(ByteBuffer.allocate(3));

        assertThat(counter("kafka.server.batches.refused", "reason", "crc")).isEqualTo(1);
        assertThat(counter("kafka.server.batches.refused", "reason", "no_batch"))
                .isEqualTo(1);
    }

    @Test
    void aRetryThatWasThereAlreadyIsCounted() {
        for (int attempt = 0; attempt < 3; attempt++) {
            append(Batches.idempotent(7, 0, 0, "once"));
        }

        assertThat(registry.get("kafka.server.batches.duplicate")
                        .functionCounter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void whatCameInBeforeTheWebSideIsCountedToo() throws Exception {
        broker.createTopic("early", 1);
        broker.append("early", Compression.NONE, record("k", "v"));
        var late = new SimpleMeterRegistry();

        new BrokerMeters(broker.partitions(), broker.metadata()).bindTo(late);

        assertThat(late.get("kafka.server.records.in")
                        .tag("topic", "early")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void topicsBeyondTheLimitShareATag() throws Exception {
        broker.createTopic("late", 1);
        broker.createTopic("other", 1);
        var fresh = new SimpleMeterRegistry();
        var topics = new TopicMeters(fresh, broker.partitions(), broker.metadata());
        for (int i = 0; i < TopicMeters.MAX_TOPICS; i++) {
            topics.note("t" + i);
        }
        for (var topic : List.of("late", "other")) {
            topics.note(topic);
            broker.append(topic, Compression.NONE, record("k", "v"));
        }

        assertThat(fresh.find("kafka.server.records.in").tag("topic", "t0").functionCounter())
                .isNotNull();
        assertThat(fresh.find("kafka.server.records.in").tag("topic", "late").functionCounter())
                .isNull();
        assertThat(fresh.get("kafka.server.records.in")
                        .tag("topic", "other")
                        .functionCounter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void partitionsAndDisksAreMeasuredWhenAskedFor() throws Exception {
        broker.createTopic("more", 3);

        assertThat(registry.get("kafka.server.partitions").gauge().value()).isEqualTo(5);
        assertThat(registry.get("kafka.server.partitions.offline").gauge().value())
                .isZero();
        assertThat(registry.get("kafka.logdir.usable").gauge().value()).isPositive();
        assertThat(registry.get("kafka.metadata.topics").gauge().value()).isEqualTo(2);
    }

    @Test
    void compactionIsMeasuredBeforeThereIsAny() {
        for (var name : List.of("runs", "failures", "bytes.read", "records.dropped", "seconds")) {
            assertThat(registry.get("kafka.log.cleaner." + name)
                            .functionCounter()
                            .count())
                    .isZero();
        }
        assertThat(registry.get("kafka.log.cleaner.uncleanable.partitions")
                        .gauge()
                        .value())
                .isZero();
    }

    private double counter(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).functionCounter().count();
    }

    private void append(ByteBuffer batch) {
        broker.partitions()
                .find(new TopicPartition("orders", 0))
                .orElseThrow()
                .append(batch, Durability.PAGE_CACHE, true)
                .join();
    }
}
