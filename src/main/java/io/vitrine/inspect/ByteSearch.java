package io.vitrine.inspect;

import java.nio.charset.StandardCharsets;

/// Looks for bytes in a stream of others, which is given piece by piece and not kept (Knuth, Morris and Pratt).
final class ByteSearch {
    private final byte[] sought;
    private final int[] fallback;

    private ByteSearch(byte[] sought) {
        this.sought = sought;
        this.fallback = fallback(sought);
    }

    static ByteSearch of(String text) {
        return new ByteSearch(text.getBytes(StandardCharsets.UTF_8));
    }

    /// One search from the beginning.
    Run start() {
        return new Run();
    }

    /// How far one search has come. Not thread-safe.
    final class Run {
        private int matched;

        /// Looks at the next bytes.
        void feed(byte[] bytes) {
            for (int i = 0; i < bytes.length && !found(); i++) {
                matched = advance(sought, fallback, matched, bytes[i]);
            }
        }

        boolean found() {
            return matched == sought.length;
        }
    }

    private static int[] fallback(byte[] sought) {
        var fallback = new int[sought.length];
        int matched = 0;
        for (int i = 1; i < sought.length; i++) {
            matched = advance(sought, fallback, matched, sought[i]);
            fallback[i] = matched;
        }
        return fallback;
    }

    private static int advance(byte[] sought, int[] fallback, int matched, byte next) {
        int length = matched;
        while (length > 0 && sought[length] != next) {
            length = fallback[length - 1];
        }
        return sought.length > 0 && sought[length] == next ? length + 1 : length;
    }
}
