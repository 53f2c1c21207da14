package io.vitrine.coordinator;

import java.util.ArrayDeque;
import java.util.Deque;

/// How large a regular expression of RE2 is when it is compiled, reckoned from above without compiling it: repetitions
/// are written out, so that `((a{1000}){1000}){1000}` from a client would take all the memory there is.
///
/// What is no regular expression gets some size; who compiles it finds out.
public final class PatternSize {
    private static final long MOST = Long.MAX_VALUE / 4;
    // Compiling goes down as deep as groups are nested: what is deeper counts as too large.
    private static final int MOST_NESTED = 250;

    private final String pattern;
    // Sizes of the groups that are open, without what was met last in each.
    private final Deque<Long> open = new ArrayDeque<>();
    private long before;
    private long last;
    private int at;

    private PatternSize(String pattern) {
        this.pattern = pattern;
    }

    /// About how many steps the expression has.
    public static long of(String pattern) {
        return new PatternSize(pattern).run();
    }

    private long run() {
        while (at < pattern.length()) {
            step(pattern.charAt(at++));
        }
        while (!open.isEmpty()) {
            close();
        }
        return plus(before, last);
    }

    private void step(char next) {
        switch (next) {
            case '(' -> {
                if (open.size() == MOST_NESTED) {
                    at = pattern.length();
                    last = MOST;
                    return;
                }
                open.push(plus(before, last));
                before = 0;
                last = 1;
            }
            case ')' -> close();
            case '[' -> {
                skipClass();
                add(1);
            }
            case '\\' -> escape();
            case '{' -> repeat();
            default -> add(1);
        }
    }

    private void add(long size) {
        before = plus(before, last);
        last = size;
    }

    private void close() {
        if (!open.isEmpty()) {
            last = plus(plus(before, last), 1);
            before = open.pop();
        }
    }

    private void skipClass() {
        at += startsWith("^") ? 1 : 0;
        at += startsWith("]") ? 1 : 0;
        while (at < pattern.length() && !startsWith("]")) {
            int named = startsWith("[:") ? pattern.indexOf(":]", at + 2) : -1;
            if (named >= 0) {
                at = named + 2;
            } else {
                at += startsWith("\\") ? 2 : 1;
            }
        }
        at++;
    }

    private void escape() {
        if (startsWith("Q")) {
            int end = pattern.indexOf("\\E", at);
            add((end < 0 ? pattern.length() : end) - at);
            at = end < 0 ? pattern.length() : end + 2;
            return;
        }
        boolean isNamed = startsWith("p{") || startsWith("P{") || startsWith("x{");
        int end = isNamed ? pattern.indexOf('}', at) : -1;
        at = end < 0 ? at + 1 : end + 1;
        add(1);
    }

    /// `{2}`, `{2,}` or `{2,5}`; anything else is taken as it is written.
    private void repeat() {
        int end = pattern.indexOf('}', at);
        long times = end < 0 ? 0 : times(pattern.substring(at, end));
        if (times == 0) {
            add(1);
            return;
        }
        last = last > MOST / times ? MOST : last * times;
        at = end + 1;
    }

    private static long times(String text) {
        if (!text.matches("\\d{1,9}(,\\d{0,9})?")) {
            return 0;
        }
        long most = 1;
        for (var number : text.split(",", -1)) {
            most = Math.max(most, number.isEmpty() ? 1 : Long.parseLong(number));
        }
        return most;
    }

    private boolean startsWith(String text) {
        return pattern.startsWith(text, at);
    }

    private static long plus(long one, long other) {
        return Math.min(MOST, one + other);
    }
}
