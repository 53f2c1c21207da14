package io.vitrine.anatomy;

import io.vitrine.inspect.RecordKind;
import org.jspecify.annotations.Nullable;

/// What bytes are to be taken for, and how much of them is shown.
///
/// @param kind null if that is to be found out
/// @param framing does the length of the message come first?
/// @param api of a response, which does not say so itself
/// @param records what is known of the records in them
/// @param fieldsFrom number of the first field that is shown
/// @param fieldLimit how many fields of the message are shown
/// @param recordLimit how many records of all batches are shown
/// @param maxValueBytes shown of a field
public record MessageQuestion(
        @Nullable MessageKind kind,
        Framing framing,
        @Nullable MessageApi api,
        RecordKind records,
        int fieldsFrom,
        int fieldLimit,
        int recordLimit,
        int maxValueBytes) {

    /// Whether four bytes with the length stand before the message.
    public enum Framing {
        /// They do if they say what is there.
        AUTO,
        FRAMED,
        BARE
    }

    MessageQuestion as(MessageKind newKind) {
        return new MessageQuestion(newKind, framing, api, records, fieldsFrom, fieldLimit, recordLimit, maxValueBytes);
    }
}
