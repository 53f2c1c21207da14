package io.vitrine.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.group.GroupCalls;
import io.vitrine.group.GroupService;
import io.vitrine.group.GroupSettings;
import io.vitrine.inspect.SampleBroker;
import io.vitrine.partition.TransactionGate;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Caller;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.Request;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffsetCommitHandlerTests {
    private static final short VERSION = 9;

    @TempDir
    Path directory;

    private final AtomicLong comparisons = new AtomicLong();

    /// A partition that counts how often it is compared with another one.
    private final class Counted extends OffsetCommitRequestPartition {
        @Override
        public boolean equals(Object other) {
            comparisons.incrementAndGet();
            return super.equals(other);
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }
    }

    @Test
    void namingAPartitionOverAndOverCostsNoMoreThanNamingMany() throws Exception {
        int times = 20_000;
        var refusals = new RefusalJournal(1000);

        var answer = commit(repeated(times), refusals);

        assertThat(answer.topics()).singleElement().satisfies(topic -> {
            assertThat(topic.partitions()).hasSize(2 * times);
            assertThat(topic.partitions())
                    .filteredOn(partition -> partition.errorCode() == Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                    .hasSize(times);
        });
        assertThat(comparisons).hasValueLessThan(2L * times);
        assertThat(refusals.kept(1000))
                .singleElement()
                .satisfies(kept -> assertThat(kept.times()).isEqualTo(times));
    }

    private OffsetCommitResponseData commit(OffsetCommitRequestData message, RefusalJournal refusals) throws Exception {
        try (var broker = new SampleBroker(directory);
                var eventLoop = new ScheduledThreadPoolExecutor(1);
                var groups = new GroupService(
                        broker.metadata(),
                        broker.partitions(),
                        new GroupSettings(Map.of(), false),
                        TransactionGate.CLOSED,
                        Runnable::run)) {
            broker.createTopic("orders", 1);
            var request = new Request<>(
                    ApiKeys.OFFSET_COMMIT,
                    VERSION,
                    1,
                    "test",
                    new Caller(1, "127.0.0.1:1", "localhost", 9092, "PLAINTEXT"),
                    eventLoop,
                    () -> Long.MAX_VALUE,
                    refusals,
                    message);
            var answer = new OffsetCommitHandler(new GroupCalls(groups), broker.metadata()).handle(request);
            return (OffsetCommitResponseData)
                    ((Answer.Message) answer.toCompletableFuture().join()).message();
        }
    }

    /// One partition that there is and one that there is not, in turn.
    private OffsetCommitRequestData repeated(int times) {
        var partitions = new ArrayList<OffsetCommitRequestPartition>();
        for (int i = 0; i < 2 * times; i++) {
            partitions.add(new Counted().setPartitionIndex(i % 2 == 0 ? 0 : 7));
        }
        return new OffsetCommitRequestData()
                .setGroupId("g")
                .setTopics(
                        List.of(new OffsetCommitRequestTopic().setName("orders").setPartitions(partitions)));
    }
}
