package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.admin.AnatomyView.FieldView;
import io.vitrine.anatomy.MessageAnatomy;
import io.vitrine.anatomy.MessageApi;
import io.vitrine.protocol.ApiTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Bytes that somebody has posted, down to the byte.
///
/// @param kind `request`, `response` or `batch`
/// @param framed does the length of the message come first?
/// @param api absent where the bytes don't say it
/// @param fields of the message, one behind the other without gaps; empty for batches
/// @param nextField present where more fields follow: ask with `fieldsFrom`
/// @param batches in the order in which they lie in the bytes
/// @param problem present where the bytes stop making sense
@JsonInclude(JsonInclude.Include.NON_NULL)
record MessageAnatomyView(
        String kind,
        boolean framed,
        int sizeBytes,
        @Nullable ApiView api,
        List<FieldView> fields,
        @Nullable Integer nextField,
        List<BatchInBytesView> batches,
        @Nullable ProblemView problem) {

    static MessageAnatomyView of(MessageAnatomy anatomy, int sizeInBytes, ApiTable apis) {
        return new MessageAnatomyView(
                anatomy.kind().label(),
                anatomy.framed(),
                sizeInBytes,
                ApiView.ofNullable(anatomy.api(), apis),
                FieldView.listOf(anatomy.fields()),
                anatomy.nextField() == MessageAnatomy.NO_FIELD ? null : anatomy.nextField(),
                anatomy.batches().stream().map(BatchInBytesView::of).toList(),
                ProblemView.ofNullable(anatomy.problem()));
    }

    /// @param served by this broker?
    record ApiView(int key, String name, int version, boolean served) {
        static @Nullable ApiView ofNullable(@Nullable MessageApi api, ApiTable apis) {
            if (api == null) {
                return null;
            }
            boolean served = apis.find(api.key())
                    .filter(handler -> api.version() >= handler.lowestServedVersion()
                            && api.version() <= handler.versions().highest())
                    .isPresent();
            return new ApiView(api.key().id, api.key().name, api.version(), served);
        }
    }

    /// @param field of the message whose bytes it is in; absent if the bytes are nothing but batches
    /// @param offset of its first byte; those in `anatomy` count from there
    /// @param anatomy absent if it is none
    /// @param problem why it is none; its position counts as `offset` does
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BatchInBytesView(
            @Nullable String field,
            int offset,
            int sizeBytes,
            @Nullable AnatomyView anatomy,
            @Nullable ProblemView problem) {
        static BatchInBytesView of(MessageAnatomy.EmbeddedBatch batch) {
            var anatomy = batch.anatomy();
            return new BatchInBytesView(
                    batch.field(),
                    batch.position(),
                    batch.sizeInBytes(),
                    anatomy == null ? null : AnatomyView.of(anatomy),
                    ProblemView.ofNullable(batch.problem()));
        }
    }
}
