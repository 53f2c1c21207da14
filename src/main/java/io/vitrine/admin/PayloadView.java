package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.Payload;
import io.vitrine.inspect.Payload.KafkaRecord.Format;
import io.vitrine.inspect.PayloadFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/// A key, a value or a header. JSON stands in the document as what it is, anything else as a string.
///
/// @param format what `data` is: `json`, `utf8`, `base64`, `hex`, `metadata`, `group` or `none`
/// @param type of a record that Kafka wrote for itself
/// @param version of such a record
/// @param size bytes in the record
/// @param truncated present where `data` is not all of it
/// @param undecoded why this is not shown decoded, where it should be
@JsonInclude(JsonInclude.Include.NON_NULL)
record PayloadView(
        String format,
        @Nullable String type,
        @Nullable Integer version,
        @Nullable Object data,
        int size,
        @Nullable Boolean truncated,
        @Nullable String undecoded) {

    static @Nullable PayloadView of(@Nullable Payload payload) {
        return switch (payload) {
            case null -> null;
            case Payload.Json(String json, int size) ->
                new PayloadView(PayloadFormat.JSON.label(), null, null, new RawValue(json), size, null, null);
            case Payload.KafkaRecord(Format format, String type, int version, String json, int size) ->
                new PayloadView(
                        format.name().toLowerCase(Locale.ROOT), type, version, new RawValue(json), size, null, null);
            case Payload.Undecoded(Payload raw, String reason) -> undecoded(of(raw), reason);
            case Payload.Text(PayloadFormat format, String data, int size, boolean truncated) ->
                new PayloadView(format.label(), null, null, data, size, truncated ? true : null, null);
            case Payload.Omitted(int size) ->
                new PayloadView(PayloadFormat.NONE.label(), null, null, null, size, null, null);
        };
    }

    private static @Nullable PayloadView undecoded(@Nullable PayloadView raw, String reason) {
        return raw == null
                ? null
                : new PayloadView(
                        raw.format(), raw.type(), raw.version(), raw.data(), raw.size(), raw.truncated(), reason);
    }
}
