package io.vitrine.config;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Reads typed values by their names and remembers which names were asked for, so that the rest can be reported.
final class PropertiesReader {
    private final Properties properties;
    private final Set<String> asked = new LinkedHashSet<>();

    PropertiesReader(Properties properties) {
        this.properties = properties;
    }

    String text(String name, String fallback) {
        asked.add(name);
        return properties.getProperty(name, fallback).strip();
    }

    boolean flag(String name, boolean fallback) throws SettingsException {
        var value = text(name, String.valueOf(fallback));
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new SettingsException(name, value, "expected true or false");
        };
    }

    /// An integer from `least` to `most`.
    long number(String name, long fallback, long least, long most) throws SettingsException {
        var value = text(name, String.valueOf(fallback));
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number out of range.
        }
        throw new SettingsException(name, value, "expected an integer from %d to %d".formatted(least, most));
    }

    int integer(String name, int fallback, int least, int most) throws SettingsException {
        return (int) number(name, fallback, least, most);
    }

    /// A number with or without a fraction, from `least` to `most`.
    double decimal(String name, double fallback, double least, double most) throws SettingsException {
        var value = text(name, String.valueOf(fallback));
        try {
            double number = Double.parseDouble(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number out of range.
        }
        throw new SettingsException(name, value, "expected a number from %s to %s".formatted(least, most));
    }

    /// A time in milliseconds that can be given in several units, under `prefix.ms`, `prefix.minutes`,
    /// `prefix.hours`. The first of `units` that is set holds, whatever the others say.
    ///
    /// @param fallback holds if none is set, in the last of `units`
    /// @param least 0 or more; or -1 if anything negative stands for no limit, which is then returned as -1
    long time(String prefix, List<TimeUnit> units, int fallback, int least) throws SettingsException {
        long timeMs = units.getLast().toMillis(fallback);
        for (var unit : units.reversed()) {
            var name = prefix + "." + suffix(unit);
            asked.add(name);
            if (properties.getProperty(name) == null) {
                continue;
            }
            boolean unlimited = least < 0;
            long most = unit == TimeUnit.MILLISECONDS ? Long.MAX_VALUE : Integer.MAX_VALUE;
            long number = number(name, 0, unlimited ? Long.MIN_VALUE : least, most);
            if (unlimited && number == 0) {
                throw new SettingsException(name, "0", "expected 1 or more, or -1 for no limit");
            }
            timeMs = number < 0 ? -1 : unit.toMillis(number);
        }
        return timeMs;
    }

    private static String suffix(TimeUnit unit) {
        return unit == TimeUnit.MILLISECONDS ? "ms" : unit.name().toLowerCase(Locale.ROOT);
    }

    /// The words of a comma-separated list.
    List<String> words(String name, String fallback) {
        return split(text(name, fallback));
    }

    /// The pairs of a comma-separated list of `key:value`.
    Map<String, String> pairs(String name, String fallback) throws SettingsException {
        var pairs = new LinkedHashMap<String, String>();
        for (var word : words(name, fallback)) {
            int colon = word.indexOf(':');
            if (colon < 1) {
                throw new SettingsException(name, word, "expected name:value");
            }
            pairs.put(word.substring(0, colon), word.substring(colon + 1));
        }
        return pairs;
    }

    /// All that is set under the names that are `wanted`.
    Map<String, String> all(Predicate<String> wanted) {
        var found = new TreeMap<String, String>();
        properties.stringPropertyNames().stream().filter(wanted).forEach(name -> found.put(name, text(name, "")));
        return found;
    }

    /// Names that are set but that nobody asked for, sorted.
    Set<String> leftOver() {
        var names = new TreeSet<>(properties.stringPropertyNames());
        names.removeAll(asked);
        return names;
    }

    static List<String> split(String text) {
        return Stream.of(text.split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
