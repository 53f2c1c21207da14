package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Transactions in a log that is compacted: of every key the last committed value stays, whatever was aborted after it,
/// and producers go on where they stopped.
class CompactedTransactionsTests {
    private static final int PRODUCERS = 3;
    private static final int KEYS = 8;
    static final List<Long> SEEDS = LongStream.rangeClosed(1, 12).boxed().toList();

    @TempDir
    Path root;

    private final int[] sequences = new int[PRODUCERS];
    private final TransactionLogModel model = new TransactionLogModel();

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void theLastCommittedValueOfEachKeyStays(long seed) throws IOException {
        var random = new Random(seed);
        var compacted = new CompactedLog(new LocalDisk(), root.resolve("topic-0"), 500 + random.nextInt(2000), 100_000);

        for (int step = 0; step < 250; step++) {
            doSomething(compacted, random);
            if (step % 10 == 0) {
                check(compacted, random, "seed %d, step %d".formatted(seed, step));
            }
        }

        assertThat(new CommittedReader(compacted.log(), 1000).valuesFrom(0))
                .hasSizeLessThan(model.committedFrom(0).size());
        compacted.log().close();
    }

    private void doSomething(CompactedLog compacted, Random random) throws IOException {
        int producer = random.nextInt(PRODUCERS);
        int what = random.nextInt(100);
        if (what < 20) {
            var record = record(random);
            compacted.append(KeyedBatches.of(record));
            model.append(record, -1);
        } else if (what < 60) {
            var record = record(random);
            compacted.append(KeyedBatches.transactional(producer, sequences[producer]++, record));
            model.append(record, producer);
        } else if (what < 85) {
            boolean commit = random.nextInt(3) > 0;
            compacted.append(commit ? KeyedBatches.commit(producer) : KeyedBatches.abort(producer));
            model.end(producer, commit);
        } else if (what < 88) {
            compacted.flush();
        } else if (what < 91) {
            compacted.restart();
        } else if (what < 94) {
            compacted.log().close();
            compacted.restartAfterCrash();
        } else {
            compacted.passTime(random.nextInt(1500));
            compacted.compact();
        }
    }

    /// The value names its key, for the reader that shows values alone.
    private String record(Random random) {
        var key = "k" + random.nextInt(KEYS);
        return "%s=%s:%d%s".formatted(key, key, model.endOffset(), "x".repeat(random.nextInt(100)));
    }

    private void check(CompactedLog compacted, Random random, String when) throws IOException {
        assertThat(compacted.log().offsets().lastStableOffset()).as(when).isEqualTo(model.stableOffset());
        long from = random.nextInt(3) == 0 ? random.nextLong(model.endOffset() + 1) : 0;
        var expected = model.committedFrom(from).stream()
                .map(shown -> shown.replaceFirst("=k\\d+=", "="))
                .toList();
        var found = new CommittedReader(compacted.log(), 100 + random.nextInt(2000)).valuesFrom(from);

        assertThat(expected).as(when).containsAll(found);
        assertThat(lastOfEachKey(found)).as(when).isEqualTo(lastOfEachKey(expected));
    }

    private static Map<String, String> lastOfEachKey(List<String> shown) {
        var last = new TreeMap<String, String>();
        for (var one : shown) {
            var value = one.substring(one.indexOf('=') + 1);
            last.put(value.substring(0, value.indexOf(':')), value);
        }
        return last;
    }
}
