package io.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class KeyOffsetsTests {
    private static final int BYTES_PER_KEY = 24;
    static final List<Long> SEEDS = List.of(1L, 2L, 3L);

    @ParameterizedTest(name = "seed {0}")
    @FieldSource("SEEDS")
    void knowsWhatAHashMapWouldKnow(long seed) {
        var random = new Random(seed);
        var offsets = new KeyOffsets(1000 * BYTES_PER_KEY);
        var model = new HashMap<Integer, Long>();
        for (long offset = 0; offset < 5000; offset++) {
            int key = random.nextInt(1200);
            boolean put = offsets.put(bytes(key), offset);
            assertThat(put).isEqualTo(model.containsKey(key) || model.size() < 900);
            if (put) {
                model.put(key, offset);
            }
        }

        assertThat(offsets.size()).isEqualTo(model.size()).isEqualTo(offsets.maxSize());
        for (int key = 0; key < 1200; key++) {
            assertThat(offsets.find(bytes(key))).isEqualTo(model.getOrDefault(key, KeyOffsets.NOT_FOUND));
        }
    }

    @Test
    void theMemoryForSoManyKeysHasRoomForThem() {
        for (int keys = 1; keys < 200; keys++) {
            for (double loadFactor : new double[] {0.1, 0.9, 1}) {
                var offsets = new KeyOffsets(KeyOffsets.memoryFor(keys, loadFactor), loadFactor);
                for (int key = 0; key < keys; key++) {
                    assertThat(offsets.put(bytes(key), key)).isTrue();
                }
                assertThat(offsets.find(bytes(-1))).isEqualTo(KeyOffsets.NOT_FOUND);
            }
        }
    }

    @Test
    void forgetsEverythingWhenCleared() {
        var offsets = new KeyOffsets(2 * BYTES_PER_KEY);
        offsets.put(bytes(1), 0);

        offsets.clear();

        assertThat(offsets.find(bytes(1))).isEqualTo(KeyOffsets.NOT_FOUND);
        assertThat(offsets.put(bytes(2), 7)).isTrue();
        assertThat(offsets.put(bytes(3), 8)).isFalse();
        assertThat(offsets.find(bytes(2))).isEqualTo(7);
    }

    @Test
    void anEmptyKeyIsAKey() {
        var offsets = new KeyOffsets(10 * BYTES_PER_KEY);

        offsets.put(new byte[0], 5);

        assertThat(offsets.find(new byte[0])).isEqualTo(5);
    }

    @Test
    void memoryForNoKeyIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new KeyOffsets(BYTES_PER_KEY));
    }

    private static byte[] bytes(int key) {
        return ("key-" + key).getBytes(StandardCharsets.UTF_8);
    }
}
