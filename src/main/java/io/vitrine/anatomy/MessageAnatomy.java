package io.vitrine.anatomy;

import io.vitrine.inspect.AnatomyField;
import io.vitrine.inspect.BatchAnatomy;
import io.vitrine.inspect.Problem;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Bytes taken apart, as far as they make sense. All positions count from the first of them, but for those inside a
/// batch.
///
/// @param framed does the length come first?
/// @param api null where the bytes are no message, or don't come so far as to say it
/// @param fields of the message, one behind the other without gaps: frame, header, body
/// @param nextField number of the first field left out behind these; -1 if none was
/// @param batches in the order in which they lie in the bytes
/// @param problem where the bytes stop making sense; null if they do to the end
public record MessageAnatomy(
        MessageKind kind,
        boolean framed,
        @Nullable MessageApi api,
        List<AnatomyField> fields,
        int nextField,
        List<EmbeddedBatch> batches,
        @Nullable Problem problem) {
    public static final int NO_FIELD = -1;

    public MessageAnatomy {
        fields = List.copyOf(fields);
        batches = List.copyOf(batches);
    }

    /// A batch, or what is where one should be.
    ///
    /// @param field of the message whose bytes it is in; null if the bytes are nothing but batches
    /// @param position of its first byte
    /// @param anatomy null if it is none, or more than may be taken apart; its positions count from its first byte
    /// @param problem why it is none; null where there is an anatomy
    public record EmbeddedBatch(
            @Nullable String field,
            int position,
            int sizeInBytes,
            @Nullable BatchAnatomy anatomy,
            @Nullable Problem problem) {}

    /// Takes `bytes`, from position to limit, apart. Never fails: where they make no sense is part of the answer.
    public static MessageAnatomy of(ByteBuffer bytes, MessageQuestion question) {
        return MessageReader.read(bytes.slice(), question);
    }
}
