package io.vitrine.partition;

import io.vitrine.record.Codec;
import io.vitrine.record.StoredCompression;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads typed values out of one topic's configs.
///
/// @param reported entries that have been complained about, and are not again
record TopicConfigReader(Map<String, String> configs, Set<String> reported) {
    private static final Logger log = LoggerFactory.getLogger(TopicConfigReader.class);

    /// What `cleanup.policy` asks for; neither where logs are to grow for ever.
    record Policy(boolean delete, boolean compact) {}

    int integer(String name, int fallback, int least) {
        return read(name, fallback, text -> {
            int value = Integer.parseInt(text);
            require(value >= least, "less than " + least);
            return value;
        });
    }

    long number(String name, long fallback, long least) {
        return read(name, fallback, text -> {
            long value = Long.parseLong(text);
            require(value >= least, "less than " + least);
            return value;
        });
    }

    double ratio(String name, double fallback) {
        return read(name, fallback, text -> {
            double value = Double.parseDouble(text);
            require(value >= 0 && value <= 1, "not from 0 to 1");
            return value;
        });
    }

    /// True for one word, false for the other.
    boolean flag(String name, String trueWord, String falseWord, boolean fallback) {
        return read(name, fallback, text -> {
            require(text.equals(trueWord) || text.equals(falseWord), "neither " + trueWord + " nor " + falseWord);
            return text.equals(trueWord);
        });
    }

    StoredCompression.Type compressionType(String name, StoredCompression.Type fallback) {
        return read(
                name,
                fallback,
                text -> StoredCompression.Type.find(text)
                        .orElseThrow(() -> new IllegalArgumentException("no codec, uncompressed or producer")));
    }

    int level(String name, int fallback, Codec codec) {
        return read(name, fallback, text -> {
            int level = Integer.parseInt(text);
            require(codec.hasLevel(level), "no level of " + codec.kafkaName());
            return level;
        });
    }

    Policy policy(boolean deleteByDefault, boolean compactByDefault) {
        return read("cleanup.policy", new Policy(deleteByDefault, compactByDefault), text -> {
            var words = Stream.of(text.split(","))
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .collect(Collectors.toSet());
            require(Set.of("delete", "compact").containsAll(words), "not of delete and compact");
            return new Policy(words.contains("delete"), words.contains("compact"));
        });
    }

    private <T> T read(String name, T fallback, Function<String, T> parse) {
        var value = configs.get(name);
        if (value == null) {
            return fallback;
        }
        try {
            return parse.apply(value.strip());
        } catch (IllegalArgumentException e) {
            if (reported.add(name + "=" + value)) {
                log.warn("Topic config {}={} can't be used: {}; {} holds", name, value, e.getMessage(), fallback);
            }
            return fallback;
        }
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(complaint);
        }
    }
}
