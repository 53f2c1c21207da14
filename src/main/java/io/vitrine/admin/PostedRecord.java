package io.vitrine.admin;

import io.vitrine.inspect.PayloadFormat;
import io.vitrine.record.NewRecord;
import io.vitrine.record.NewRecord.NewHeader;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A record that somebody wants to have written.
///
/// @param index 0-based place in the request
/// @param partition where it is to lie; -1 if that is for us to find
record PostedRecord(int index, NewRecord record, int partition) {
    static final int ANY_PARTITION = -1;
    static final String HEADERS = "headers";
    private static final Set<String> FIELDS =
            Set.of("key", "keyFormat", "value", "valueFormat", HEADERS, "timestamp", "partition");
    private static final Set<String> HEADER_FIELDS = Set.of("key", "value", "valueFormat");

    /// What a record gets that says nothing itself.
    ///
    /// @param clock in milliseconds
    /// @param partitionCount of the topic
    record Defaults(PayloadFormat keyFormat, PayloadFormat valueFormat, LongSupplier clock, int partitionCount) {}

    /// Makes a record of JSON.
    ///
    /// @return null if it can't be one; what is wrong has been added to `violations`
    static @Nullable PostedRecord of(
            int index, PostedFields fields, Defaults defaults, List<RecordViolation> violations) {
        var reader = new Reader(index, violations);
        int before = violations.size();
        reader.checkForm("", fields, FIELDS);
        var key = reader.payload("", fields, "key", defaults.keyFormat());
        var value = reader.payload("", fields, "value", defaults.valueFormat());
        var headers = reader.headers(fields);
        long timestamp = reader.timestamp(fields, defaults.clock().getAsLong());
        int partition = reader.partition(fields, defaults.partitionCount());
        return violations.size() > before
                ? null
                : new PostedRecord(index, new NewRecord(timestamp, key, value, headers), partition);
    }

    /// Reads fields and notes what is wrong with them.
    private record Reader(int index, List<RecordViolation> violations) {
        void violate(String field, String message) {
            violations.add(new RecordViolation(index, field, message));
        }

        void checkForm(String prefix, PostedFields fields, Set<String> known) {
            fields.complaints().forEach(complaint -> violate(prefix, complaint));
            for (var name : fields.names()) {
                if (!known.contains(name)) {
                    violate(prefix + QueryParameters.echo(name), "is no field of it");
                }
            }
        }

        byte @Nullable [] payload(String prefix, PostedFields fields, String name, PayloadFormat fallback) {
            var formatName = name + "Format";
            PayloadFormat format;
            try {
                format = fields.format(formatName, fallback);
            } catch (IllegalArgumentException e) {
                violate(prefix + formatName, String.valueOf(e.getMessage()));
                return null;
            }
            try {
                return fields.value(name).bytes(format);
            } catch (IllegalArgumentException e) {
                violate(prefix + name, String.valueOf(e.getMessage()));
                return null;
            }
        }

        List<NewHeader> headers(PostedFields fields) {
            if (fields.has(HEADERS)) {
                violate(HEADERS, "has to be a list of objects with key and value");
            }
            var headers = new ArrayList<NewHeader>();
            var posted = fields.list(HEADERS);
            for (int i = 0; i < posted.size(); i++) {
                var prefix = "%s[%d].".formatted(HEADERS, i);
                checkForm(prefix, posted.get(i), HEADER_FIELDS);
                var key = posted.get(i).value("key");
                if (key.text() == null) {
                    violate(prefix + "key", "has to be a string");
                    continue;
                }
                payload(prefix, posted.get(i), "key", PayloadFormat.UTF8);
                headers.add(new NewHeader(key.text(), payload(prefix, posted.get(i), "value", PayloadFormat.AUTO)));
            }
            return headers;
        }

        /// Milliseconds, or a time in ISO 8601; now if it is not given.
        long timestamp(PostedFields fields, long nowMs) {
            if (!fields.has("timestamp")) {
                return nowMs;
            }
            var posted = fields.value("timestamp");
            try {
                long timestamp = posted.text() == null
                        ? wholeNumber(posted)
                        : Mark.time(posted.text()).timestamp();
                if (timestamp >= 0) {
                    return timestamp;
                }
                violate("timestamp", "%d is negative".formatted(timestamp));
            } catch (NumberFormatException | DateTimeException e) {
                violate("timestamp", "is neither a number of milliseconds nor an ISO 8601 time");
            }
            return nowMs;
        }

        int partition(PostedFields fields, int count) {
            if (!fields.has("partition")) {
                return ANY_PARTITION;
            }
            try {
                long partition = wholeNumber(fields.value("partition"));
                if (partition >= 0 && partition < count) {
                    return (int) partition;
                }
                violate("partition", "%d is not between 0 and %d".formatted(partition, count - 1));
            } catch (NumberFormatException e) {
                violate("partition", "is not a whole number");
            }
            return ANY_PARTITION;
        }

        private static long wholeNumber(PostedPayload posted) {
            var json = posted.json();
            return WholeNumber.find(json == null ? "" : json)
                    .orElseThrow(() -> new NumberFormatException("no whole number"));
        }
    }
}
