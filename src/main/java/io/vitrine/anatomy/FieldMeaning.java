package io.vitrine.anatomy;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.Field;
import org.jspecify.annotations.Nullable;

/// Says what the value of a field means: what it stands for, where that is known, and what Kafka says of the field.
final class FieldMeaning {
    // `Errors.forCode` writes a warning to the log for each code that it does not know.
    private static final Map<Integer, String> ERRORS =
            Arrays.stream(Errors.values()).collect(Collectors.toMap(error -> (int) error.code(), Errors::name));

    private FieldMeaning() {}

    /// What a value of a field means.
    ///
    /// @return null if there is nothing to say
    static @Nullable String of(Field field, long value) {
        var meant = find(field.name, value);
        var described = ofKafka(field);
        if (meant == null || described == null) {
            return meant == null ? described : meant;
        }
        return meant + ": " + described;
    }

    /// What Kafka says of the field.
    static @Nullable String ofKafka(Field field) {
        return field.docString == null || field.docString.isBlank() ? null : field.docString;
    }

    private static @Nullable String find(String name, long value) {
        return switch (name) {
            case "error_code", "partition_error_code" -> ERRORS.get((int) value);
            case "api_key", "request_api_key" -> ApiKeys.hasId((int) value) ? ApiKeys.forId((int) value).name : null;
            default ->
                value > 0 && (name.endsWith("timestamp") || name.endsWith("timestamp_ms"))
                        ? Instant.ofEpochMilli(value).toString()
                        : null;
        };
    }
}
