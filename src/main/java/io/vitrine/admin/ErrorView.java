package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.inspect.ReasonGuide;
import io.vitrine.protocol.RefusalEntry.Kind;
import io.vitrine.protocol.RefusalJournal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An error that was answered, or a connection that has ended, and why.
///
/// @param timestamp of the last one, whose address, version, correlationId, detail and evidence these are too
/// @param times how often it was refused
/// @param firstTimestampIso when for the first time
/// @param connection its id; -1 if there was none
/// @param version of the request; -1 if it could not be read
/// @param correlationId of the request; -1 if it could not be read
/// @param subjectKind what kind of a thing `subject` is
/// @param expected is it a step of the protocol, after which clients go on?
/// @param evidence what the check expected and found, and what else shows it
@JsonInclude(JsonInclude.Include.NON_NULL)
record ErrorView(
        long id,
        long timestamp,
        String timestampIso,
        long times,
        String firstTimestampIso,
        long connection,
        String address,
        String clientId,
        String api,
        int version,
        int correlationId,
        String subject,
        String subjectKind,
        String error,
        String reason,
        boolean expected,
        String detail,
        Map<String, Object> evidence,
        @Nullable String explanation,
        @Nullable String whatToDo,
        Map<String, String> links) {
    static ErrorView of(RefusalJournal.Kept kept, ErrorLinks links) {
        var entry = kept.latest();
        var advice = ReasonGuide.find(entry.reason(), entry.error());
        return new ErrorView(
                kept.id(),
                entry.time().toEpochMilli(),
                entry.time().toString(),
                kept.times(),
                kept.firstTime().toString(),
                entry.connection(),
                entry.address(),
                entry.clientId(),
                entry.api(),
                entry.version(),
                entry.correlationId(),
                entry.subject(),
                entry.about().kind().name(),
                entry.error(),
                entry.reason(),
                entry.kind() == Kind.EXPECTED,
                entry.detail(),
                entry.evidence(),
                advice.map(ReasonGuide.Advice::explanation).orElse(null),
                advice.map(ReasonGuide.Advice::whatToDo).orElse(null),
                links.of(entry));
    }
}
