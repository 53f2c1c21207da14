package io.vitrine.admin;

import io.vitrine.protocol.RefusalEntry;
import io.vitrine.protocol.RefusalJournal;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Why requests were refused and connections closed, newest first.
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
                journal.latest(limit).stream().map(RefusalView::of).toList(), journal.total());
    }

    /// @param total since the broker started; only the newest are kept
    record RefusalsView(List<RefusalView> items, long total) {}

    /// @param version of the request; -1 if it could not be read
    /// @param correlationId of the request; -1 if it could not be read
    record RefusalView(
            long timestamp,
            String timestampIso,
            String address,
            String clientId,
            String api,
            int version,
            int correlationId,
            String subject,
            String error,
            String reason,
            String detail) {
        static RefusalView of(RefusalEntry entry) {
            return new RefusalView(
                    entry.time().toEpochMilli(),
                    entry.time().toString(),
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
