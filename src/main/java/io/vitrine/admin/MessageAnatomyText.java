package io.vitrine.admin;

import io.vitrine.anatomy.MessageAnatomy;
import io.vitrine.inspect.AnatomyText;
import java.util.Objects;

/// The same for a terminal.
final class MessageAnatomyText {
    private MessageAnatomyText() {}

    static String of(MessageAnatomy anatomy, int sizeInBytes) {
        var api = anatomy.api();
        var text = new AnatomyText()
                .line("%s%s, %d bytes%s"
                        .formatted(
                                anatomy.kind().label(),
                                api == null ? "" : " %s version %d".formatted(api.key().name, api.version()),
                                sizeInBytes,
                                anatomy.framed() ? ", framed" : ""))
                .fields(anatomy.fields());
        if (anatomy.nextField() != MessageAnatomy.NO_FIELD) {
            text.line("").line("more fields follow: fieldsFrom=" + anatomy.nextField());
        }
        for (var batch : anatomy.batches()) {
            text.line("")
                    .line("batch of %d bytes at byte %d%s"
                            .formatted(
                                    batch.sizeInBytes(),
                                    batch.position(),
                                    batch.field() == null ? "" : ", in " + batch.field()));
            if (batch.anatomy() != null) {
                text.batch(batch.anatomy());
            }
            text.problem(batch.problem());
        }
        boolean told = anatomy.batches().stream().anyMatch(batch -> Objects.equals(batch.problem(), anatomy.problem()));
        return (told ? text : text.problem(anatomy.problem())).toString();
    }
}
