package io.vitrine.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.inspect.TopicCursor.Part;
import io.vitrine.inspect.TopicCursor.Reading;
import io.vitrine.metadata.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicCursorTests {
    @TempDir
    Path directory;

    SampleBroker broker;
    final ReadTotals totals = new ReadTotals();

    private record Sent(int partition, long offset, long timestamp) {}

    @BeforeEach
    void open() throws Exception {
        broker = new SampleBroker(directory);
    }

    @AfterEach
    void close() throws Exception {
        broker.close();
    }

    @ParameterizedTest(name = "seed {0}, {1} partitions")
    @CsvSource({"1, 1", "2, 3", "3, 16", "4, 17", "5, 40"})
    void mergesAsAModelWouldAndStopsAnywhere(long seed, int partitions) throws Exception {
        var random = new Random(seed);
        var sent = fill(random, partitions, false);
        var expected = merge(sent);

        var read = new ArrayList<Sent>();
        var positions = new long[partitions];
        // As pages do: stop anywhere and go on from the positions.
        while (read.size() < expected.size()) {
            try (var cursor = cursor(positions)) {
                for (int left = 1 + random.nextInt(50);
                        left > 0 && cursor.step() instanceof TopicCursor.Step.Found(var log, var entry);
                        left--) {
                    var record = (DecodedRecord) entry;
                    read.add(new Sent(log.name().partition(), record.offset(), record.timestamp()));
                }
                positions = cursor.positions();
            }
        }

        assertThat(read).isEqualTo(expected);
        assertThat(totals.open()).isZero();
    }

    @ParameterizedTest(name = "seed {0}, the last {1}")
    @CsvSource({"1, 1", "2, 7", "3, 100", "4, 599", "5, 600", "6, 5000"})
    void theLastRecordsAreThoseThatTheMergeEndsWith(long seed, int count) throws Exception {
        var expected = merge(fill(new Random(seed), 5, true));

        var positions = TailStart.of(parts(new long[5]), count, reading());

        try (var cursor = cursor(positions)) {
            var read = new ArrayList<Sent>();
            while (cursor.step() instanceof TopicCursor.Step.Found(var log, var entry)) {
                var record = (DecodedRecord) entry;
                read.add(new Sent(log.name().partition(), record.offset(), record.timestamp()));
            }
            assertThat(read).isEqualTo(expected.subList(Math.max(0, expected.size() - count), expected.size()));
        }
    }

    @Test
    void aSearchFindsWhatBeginsInsideAPartialMatchAndAcrossPieces() {
        var search = ByteSearch.of("aab").start();
        for (var piece : List.of("a", "a", "aa", "", "b")) {
            assertThat(search.found()).isFalse();
            search.feed(SampleBroker.bytes(piece));
        }

        assertThat(search.found()).isTrue();
        assertThat(ByteSearch.of("").start().found()).isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @CsvSource({"1", "2", "3"})
    void aSearchFindsWhatIndexOfFinds(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            var text = letters(random, random.nextInt(30));
            var sought = letters(random, 1 + random.nextInt(5));
            var search = ByteSearch.of(sought).start();
            int cut = random.nextInt(text.length() + 1);
            search.feed(SampleBroker.bytes(text.substring(0, cut)));
            search.feed(SampleBroker.bytes(text.substring(cut)));

            assertThat(search.found()).as("%s in %s", sought, text).isEqualTo(text.contains(sought));
        }
    }

    private List<List<Sent>> fill(Random random, int partitions, boolean inOrder) throws Exception {
        broker.createTopic("orders", partitions);
        var sent = new ArrayList<List<Sent>>();
        for (int i = 0; i < partitions; i++) {
            sent.add(new ArrayList<>());
        }
        for (int left = 600; left > 0; ) {
            int partition = random.nextInt(partitions);
            int count = Math.min(left, 1 + random.nextInt(5));
            var batch = new SimpleRecord[count];
            for (int i = 0; i < count; i++) {
                // Often equal, and often earlier than the one before.
                int time = inOrder ? (600 - left) / 20 : random.nextInt(200);
                long timestamp = SampleBroker.TIMESTAMP + time;
                batch[i] = new SimpleRecord(timestamp, SampleBroker.bytes("v"));
                sent.get(partition).add(new Sent(partition, sent.get(partition).size(), timestamp));
            }
            var codec = CompressionType.forId(random.nextInt(5));
            broker.append(
                    new TopicPartition("orders", partition),
                    Compression.of(codec).build(),
                    batch);
            left -= count;
        }
        return sent;
    }

    private static List<Sent> merge(List<List<Sent>> sent) {
        var heads = new int[sent.size()];
        var merged = new ArrayList<Sent>();
        while (true) {
            Sent next = null;
            for (int i = 0; i < heads.length; i++) {
                if (heads[i] < sent.get(i).size()) {
                    var candidate = sent.get(i).get(heads[i]);
                    next = next == null || candidate.timestamp() < next.timestamp() ? candidate : next;
                }
            }
            if (next == null) {
                return merged;
            }
            heads[next.partition()]++;
            merged.add(next);
        }
    }

    private TopicCursor cursor(long[] positions) {
        return new TopicCursor(parts(positions), reading());
    }

    private List<Part> parts(long[] positions) {
        var catalog = new LogCatalog(broker.metadata(), broker.partitions());
        var parts = new ArrayList<Part>();
        for (int i = 0; i < positions.length; i++) {
            var log = catalog.find(new TopicPartition("orders", i)).orElseThrow();
            parts.add(
                    new Part(log, positions[i], log.findOffsets().orElseThrow().highWatermark()));
        }
        return parts;
    }

    private Reading reading() {
        return new Reading(RecordOptions.DEFAULTS, RecordFilter.ALL, totals);
    }

    private static String letters(Random random, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }
}
