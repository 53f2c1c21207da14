package io.vitrine.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.AppendOutcome;
import io.vitrine.partition.Durability;
import io.vitrine.partition.Partition;
import io.vitrine.partition.TransactionMarker;
import io.vitrine.record.Batches;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TransactionsOverHttpTests extends RestScenario {
    private static final String TOPIC = "/api/v1/topics/orders";
    private static final String PARTITION = TOPIC + "/partitions/0";
    private static final short V1 = 1;

    /// Offset 0 is aborted, 2 is committed, 4 is outside transactions, from 5 on one is open.
    @Override
    void prepare() throws Exception {
        broker.createTopic("orders", 2);
        var partition =
                broker.partitions().find(new TopicPartition("orders", 0)).orElseThrow();
        write(partition, 7, 0, "aborted");
        end(partition, 7, false);
        write(partition, 8, 0, "committed");
        end(partition, 8, true);
        append(partition
                .append(Batches.of("plain"), Durability.PAGE_CACHE, true)
                .join());
        write(partition, 9, 0, "open");
        write(partition, 7, 1, "open too");
    }

    @Test
    void aBatchTellsWhatBecameOfItsTransactionAndAMarkerWhatItDecided() throws Exception {
        var items = rest.get(200, PARTITION + "/batches").get("items");

        assertThat(texts(items, "transaction"))
                .containsExactly("ABORTED", "none", "COMMITTED", "none", "none", "OPEN", "OPEN");
        assertThat(items.get(1).get("marker").get("type").stringValue()).isEqualTo("ABORT");
        assertThat(items.get(1).get("marker").get("coordinatorEpoch").intValue())
                .isEqualTo(3);
        assertThat(items.get(3).get("marker").get("type").stringValue()).isEqualTo("COMMIT");
        assertThat(rest.get(200, PARTITION + "/batches/0").get("transaction").stringValue())
                .isEqualTo("ABORTED");
    }

    @Test
    void readersOfCommittedDataSeeNeitherWhatWasAbortedNorWhatIsOpenNorMarkers() throws Exception {
        var all = rest.get(200, TOPIC + "/records").get("items");
        var committed = rest.get(200, TOPIC + "/records?isolation=read_committed");

        assertThat(all.size()).isEqualTo(7);
        assertThat(committed.get("items").size()).isEqualTo(2);
        assertThat(committed.get("items").get(0).get("value").get("data").stringValue())
                .isEqualTo("committed");
        assertThat(committed.get("items").get(1).get("value").get("data").stringValue())
                .isEqualTo("plain");
    }

    @Test
    void aPartitionTellsWhoKeepsItsReadersWaitingAndSinceWhen() throws Exception {
        var partition = rest.get(200, PARTITION);

        assertThat(partition.get("lastStableOffset").longValue()).isEqualTo(5);
        var holder = partition.get("lastStableOffsetHeldBy");
        assertThat(holder.get("producerId").longValue()).isEqualTo(9);
        assertThat(holder.get("firstOffset").longValue()).isEqualTo(5);
        assertThat(holder.get("sinceTimestamp").longValue()).isEqualTo(Batches.TIMESTAMP);
        assertThat(rest.get(200, TOPIC + "/partitions/1").has("lastStableOffsetHeldBy"))
                .isFalse();
    }

    @Test
    void producersAreListedWithTheirOpenTransactionsThoseThatWroteLastFirst() throws Exception {
        var items = rest.get(200, PARTITION + "/producers").get("items");

        assertThat(items.size()).isEqualTo(3);
        assertThat(items.get(0).get("producerId").longValue()).isEqualTo(7);
        assertThat(items.get(0).get("lastSequence").intValue()).isEqualTo(1);
        assertThat(items.get(0).get("coordinatorEpoch").intValue()).isEqualTo(3);
        assertThat(items.get(0).get("transaction").get("holdsLastStableOffset").booleanValue())
                .isFalse();
        assertThat(items.get(1).get("producerId").longValue()).isEqualTo(9);
        assertThat(items.get(1).get("transaction").get("holdsLastStableOffset").booleanValue())
                .isTrue();
        assertThat(items.get(2).has("transaction")).isFalse();
        assertThat(rest.get(200, TOPIC + "/producers?open=true").get("items").size())
                .isEqualTo(2);
        assertThat(rest.get(200, TOPIC + "/producers?limit=1").get("more").booleanValue())
                .isTrue();
    }

    private static List<String> texts(JsonNode items, String field) {
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.has(field) ? item.get(field).stringValue() : "none")
                .toList();
    }

    private static void write(Partition partition, long producerId, int sequence, String value) {
        var ticket = partition.transactions().ask(producerId, (short) 0, sequence, false);
        var batch = Batches.transactional(producerId, 0, sequence, value);
        append(partition
                .transactions()
                .append(batch, Durability.PAGE_CACHE, true, ticket.orElse(null))
                .join());
    }

    private static void end(Partition partition, long producerId, boolean commit) {
        var marker = new TransactionMarker(producerId, (short) 0, 3, commit, V1);
        append(partition.transactions().end(marker, Durability.PAGE_CACHE).join());
    }

    private static void append(AppendOutcome outcome) {
        assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
    }
}
