package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.message.AbortedTxn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionIndexTests {
    private static final long BASE_OFFSET = 100;
    private static final List<AbortedTransaction> THREE = List.of(
            new AbortedTransaction(1, 90, 110, 105),
            new AbortedTransaction(2, 105, 120, 121),
            new AbortedTransaction(1, 125, 130, 131));

    @TempDir
    Path directory;

    @Test
    void kafkaReadsWhatWeWriteAndWritesTheSame() throws IOException {
        var ours = directory.resolve("ours.txnindex");
        Files.write(ours, index().encode().array());
        var ofKafka = directory.resolve("kafka.txnindex");
        try (var read = kafka(ours);
                var written = kafka(ofKafka)) {
            read.sanityCheck();
            assertThat(read.allAbortedTxns().stream().map(TransactionIndexTests::toOurs))
                    .isEqualTo(THREE);
            for (var transaction : read.allAbortedTxns()) {
                written.append(transaction);
            }
        }

        var bytes = ByteBuffer.wrap(Files.readAllBytes(ofKafka));
        assertThat(TransactionIndex.decode(BASE_OFFSET, bytes).orElseThrow().entries())
                .isEqualTo(THREE);
        assertThat(bytes).isEqualTo(index().encode());
    }

    @Test
    void dropsTransactionsWhoseMarkerIsCutOff() {
        var index = index();

        index.truncateTo(120);

        assertThat(index.entries()).containsExactly(THREE.getFirst());
        assertThat(index.count()).isEqualTo(1);
    }

    @Test
    void refusesMarkersOutOfOrder() {
        assertThatIllegalStateException().isThrownBy(() -> index().add(THREE.getLast()));
        assertThatIllegalStateException()
                .isThrownBy(() -> new TransactionIndex(BASE_OFFSET).add(new AbortedTransaction(1, 90, 99, 99)));
    }

    @Test
    void nothingThatLiesInTheFileMakesReadingItFail() {
        Damage.each(index().encode(), file -> {
            var read = TransactionIndex.decode(BASE_OFFSET, file);
            assertThat(read.isEmpty() || read.get().encode().limit() <= file.limit())
                    .isTrue();
            if (file.limit() % 34 != 0 || (file.hasRemaining() && file.getShort(0) != 0)) {
                assertThat(read).isEmpty();
            }
        });
    }

    private static TransactionIndex index() {
        var index = new TransactionIndex(BASE_OFFSET);
        THREE.forEach(index::add);
        return index;
    }

    private static org.apache.kafka.storage.internals.log.TransactionIndex kafka(Path file) throws IOException {
        return new org.apache.kafka.storage.internals.log.TransactionIndex(BASE_OFFSET, file.toFile());
    }

    private static AbortedTransaction toOurs(AbortedTxn transaction) {
        return new AbortedTransaction(
                transaction.producerId(),
                transaction.firstOffset(),
                transaction.lastOffset(),
                transaction.lastStableOffset());
    }
}
