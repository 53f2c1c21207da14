package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.protocol.FetchSessionEntry;
import io.vitrine.protocol.FetchSessionOverview;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The fetch sessions that are kept, by their ids.
@RestController
@RequestMapping(FetchSessionController.PATH)
class FetchSessionController {
    static final String PATH = ApiPath.BASE + "/fetch-sessions";
    private static final int MAX_PARTITIONS = 100;

    private final FetchSessionOverview sessions;

    FetchSessionController(FetchSessionOverview sessions) {
        this.sessions = sessions;
    }

    @GetMapping
    SessionsView sessions(@RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        int from = parameters.number("from", 0, 0, Integer.MAX_VALUE);
        int limit = parameters.limit();
        parameters.requireSound();
        var page = sessions.list(from, limit + 1, MAX_PARTITIONS);
        return new SessionsView(
                page.stream().limit(limit).map(SessionView::of).toList(),
                new TotalsView(
                        sessions.sessionCount(),
                        sessions.slots(),
                        sessions.partitionCount(),
                        sessions.maxPartitions(),
                        sessions.evictedCount()),
                page.size() > limit ? NextPage.from(page.getLast().id(), PATH, query) : null);
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SessionsView(
            List<SessionView> items,
            TotalsView totals,
            @Nullable String next) {}

    /// @param partitions of all sessions together
    /// @param evicted sessions that had to make room for others, since the start
    record TotalsView(int sessions, int slots, int partitions, int maxPartitions, long evicted) {}

    /// @param epoch that the next fetch has to have
    /// @param partitions the first hundred, in the order in which they are served
    /// @param activePartitions how many of them the next fetch looks at; nothing has happened to the others
    /// @param waiting does a fetch of it wait at this moment?
    record SessionView(
            int id,
            int epoch,
            boolean usesTopicIds,
            String clientId,
            String address,
            String createdIso,
            String lastUsedIso,
            int partitionCount,
            int activePartitions,
            boolean waiting,
            List<String> partitions) {
        static SessionView of(FetchSessionEntry entry) {
            return new SessionView(
                    entry.id(),
                    entry.epoch(),
                    entry.usesTopicIds(),
                    entry.clientId(),
                    entry.address(),
                    entry.created().toString(),
                    entry.lastUsed().toString(),
                    entry.partitionCount(),
                    entry.activePartitions(),
                    entry.waiting(),
                    entry.partitions());
        }
    }
}
