package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.Payload;
import io.vitrine.inspect.PayloadFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/// A key, a value or a header. JSON stands in the document as what it is, anything else as a string.
///
/// @param format what `data` is: `json`, `utf8`, `base64`, `hex`, `metadata` or `none`
/// @param type of a metadata record
/// @param version of a metadata record
/// @param size bytes in the record
/// @param truncated present where `data` is not all of it
@JsonInclude(JsonInclude.Include.NON_NULL)
record PayloadView(
        String format,
        @Nullable String type,
        @Nullable Integer version,
        @Nullable Object data,
        int size,
        @Nullable Boolean truncated) {

    static @Nullable PayloadView of(@Nullable Payload payload) {
        return switch (payload) {
            case null -> null;
            case Payload.Json(String json, int size) ->
                new PayloadView(PayloadFormat.JSON.label(), null, null, new RawValue(json), size, null);
            case Payload.MetadataRecord(String type, int version, String json, int size) ->
                new PayloadView("metadata", type, version, new RawValue(json), size, null);
            case Payload.Text(PayloadFormat format, String data, int size, boolean truncated) ->
                new PayloadView(format.label(), null, null, data, size, truncated ? true : null);
            case Payload.Omitted(int size) -> new PayloadView(PayloadFormat.NONE.label(), null, null, null, size, null);
        };
    }
}
