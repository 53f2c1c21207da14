package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.AnatomyField;
import io.vitrine.inspect.BatchAnatomy;
import io.vitrine.inspect.RecordAnatomy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/// A batch down to the byte.
///
/// @param fields of the header
/// @param in what the offsets of record fields count from: the `batch`, or the `uncompressed` records
/// @param nextRecord present where more records follow: ask with `recordsFrom`
/// @param compression absent if the records lie in the batch as they are
/// @param problem present where the bytes stop making sense
@JsonInclude(JsonInclude.Include.NON_NULL)
record AnatomyView(
        List<FieldView> fields,
        String in,
        List<RecordFieldsView> records,
        @Nullable Integer nextRecord,
        @Nullable CompressionView compression,
        @Nullable ProblemView problem) {

    static AnatomyView of(BatchAnatomy anatomy) {
        return new AnatomyView(
                FieldView.listOf(anatomy.header()),
                anatomy.place().label(),
                anatomy.records().stream().map(RecordFieldsView::of).toList(),
                anatomy.nextRecord() == BatchAnatomy.NO_RECORD ? null : anatomy.nextRecord(),
                CompressionView.ofNullable(anatomy.compression()),
                ProblemView.ofNullable(anatomy.problem()));
    }

    /// What compression has made of the records.
    ///
    /// @param uncompressedBytes absent, as `ratio` is, if they can't be unpacked to their end
    /// @param ratio what is left of each byte, as Kafka's clients count it: 0.25 is a quarter
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CompressionView(
            String codec,
            int compressedBytes,
            @Nullable Long uncompressedBytes,
            @Nullable Double ratio) {

        static @Nullable CompressionView ofNullable(BatchAnatomy.@Nullable Compression compression) {
            if (compression == null) {
                return null;
            }
            int packed = compression.packedBytes();
            var unpacked = compression.unpackedBytes();
            return unpacked.isEmpty()
                    ? new CompressionView(compression.codec(), packed, null, null)
                    : new CompressionView(
                            compression.codec(), packed, unpacked.getAsLong(), ratio(packed, unpacked.getAsLong()));
        }

        private static @Nullable Double ratio(int packed, long unpacked) {
            return unpacked == 0 ? null : Math.round(1000.0 * packed / unpacked) / 1000.0;
        }
    }

    record RecordFieldsView(int index, List<FieldView> fields) {
        static RecordFieldsView of(RecordAnatomy record) {
            return new RecordFieldsView(record.index(), FieldView.listOf(record.fields()));
        }
    }

    /// One field; a name with a dot lies inside the field before the dot.
    ///
    /// @param offset of its first byte
    /// @param value a number, text, or the JSON of a decoded record; absent where there are bytes and nothing else
    /// @param truncated present where `hex` is not all of it
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FieldView(
            String name,
            long offset,
            int length,
            String hex,
            @Nullable Boolean truncated,
            @Nullable Object value,
            @Nullable String meaning) {

        static List<FieldView> listOf(List<AnatomyField> fields) {
            return fields.stream().map(FieldView::of).toList();
        }

        private static FieldView of(AnatomyField field) {
            return new FieldView(
                    field.name(),
                    field.position(),
                    field.length(),
                    field.hex(),
                    field.truncated() ? true : null,
                    shape(field.value()),
                    field.meaning());
        }

        private static @Nullable Object shape(AnatomyField.@Nullable Value value) {
            return switch (value) {
                case null -> null;
                case AnatomyField.Value.Numeric(long number) -> number;
                case AnatomyField.Value.Text(String text) -> text;
                case AnatomyField.Value.Json(String json) -> new RawValue(json);
            };
        }
    }
}
