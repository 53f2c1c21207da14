package io.vitrine.admin;

import io.vitrine.protocol.RefusalJournal;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Why requests were refused and connections closed, newest first. What was refused to a client again and again is
/// one item.
@RestController
@RequestMapping(ApiPath.BASE + "/refusals")
class RefusalController {
    private final RefusalJournal journal;

    RefusalController(RefusalJournal journal) {
        this.journal = journal;
    }

    @GetMapping
    RefusalsView refusals(@RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        int limit = parameters.limit();
        parameters.requireSound();
        return new RefusalsView(
                journal.kept(limit).stream().map(RefusalView::of).toList(), journal.total());
    }

    /// @param total since the broker started; only the newest are kept
    record RefusalsView(List<RefusalView> items, long total) {}

    /// @param timestamp of the last one, whose address, version, correlationId and detail these are too
    /// @param times how often it was refused
    /// @param firstTimestampIso when for the first time
    /// @param version of the request; -1 if it could not be read
    /// @param correlationId of the request; -1 if it could not be read
    record RefusalView(
            long timestamp,
            String timestampIso,
            long times,
            String firstTimestampIso,
            String address,
            String clientId,
            String api,
            int version,
            int correlationId,
            String subject,
            String error,
            String reason,
            String detail) {
        static RefusalView of(RefusalJournal.Kept kept) {
            var entry = kept.latest();
            return new RefusalView(
                    entry.time().toEpochMilli(),
                    entry.time().toString(),
                    kept.times(),
                    kept.firstTime().toString(),
                    entry.address(),
                    entry.clientId(),
                    entry.api(),
                    entry.version(),
                    entry.correlationId(),
                    entry.subject(),
                    entry.error(),
                    entry.reason(),
                    entry.detail());
        }
    }
}
