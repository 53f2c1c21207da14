package io.vitrine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.AbortTransactionRecord;
import org.apache.kafka.common.metadata.BeginTransactionRecord;
import org.apache.kafka.common.metadata.EndTransactionRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionTests {
    private static final byte[] BEGIN = LogBytes.record(new BeginTransactionRecord().setName("several"), 0);
    private static final byte[] END = LogBytes.record(new EndTransactionRecord(), 0);
    private static final byte[] ABORT = LogBytes.record(new AbortTransactionRecord(), 0);
    private static final Uuid ID = new Uuid(1, 2);

    @TempDir
    Path logDir;

    @Test
    void recordsCountFromTheEndOfTheirTransactionOn() throws Exception {
        write(BEGIN, LogBytes.topic("held", ID), LogBytes.partition(ID, 0), END);

        assertThat(topics()).containsExactly("held", "mango");
    }

    @Test
    void anAbortedTransactionLeavesNothing() throws Exception {
        write(BEGIN, LogBytes.topic("held", ID), LogBytes.partition(ID, 0), ABORT);

        assertThat(topics()).containsExactly("mango");
    }

    @Test
    void aTransactionMaySpanBatches() throws Exception {
        LogBytes.fixture()
                .batch(BEGIN, LogBytes.topic("held", ID))
                .controlBatch(2)
                .batch(LogBytes.partition(ID, 0))
                .batch(END)
                .writeTo(logDir);

        assertThat(topics()).containsExactly("held", "mango");
    }

    @Test
    void aTransactionWithoutAnEndIsAbortedBeforeTheNextWrite() throws Exception {
        write(BEGIN, LogBytes.topic("held", ID), LogBytes.partition(ID, 0));

        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            assertThat(metadata.image().topics()).hasSize(1);
            metadata.createTopic("held", 1, Map.of());
        }

        assertThat(topics()).containsExactly("held", "mango");
    }

    @Test
    void marksOutOfOrderAreDamage() {
        write(END);
        assertDamage("a transaction ends that has not begun");

        write(ABORT);
        assertDamage("a transaction ends that has not begun");

        write(BEGIN, BEGIN);
        assertDamage("a transaction begins inside another one");
    }

    private void write(byte[]... values) {
        LogBytes.fixture().batch(values).writeTo(logDir);
    }

    private List<String> topics() throws Exception {
        try (var metadata = MetadataService.open(MetadataSettings.of(1, logDir))) {
            return metadata.image().topics().stream().map(Topic::name).toList();
        }
    }

    private void assertDamage(String reason) {
        assertThatThrownBy(() -> MetadataService.open(MetadataSettings.of(1, logDir)))
                .isInstanceOf(MetadataException.class)
                .hasMessageContaining(reason);
    }
}
