package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.protocol.RefusalEntry.Kind;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.RefusalJournal.Kept;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Every error that was answered and every connection that has ended, newest first, with what shows why. What a client
/// was refused again and again is one item. `/refusals` is its former name.
@RestController
@RequestMapping({ApiPath.ERRORS, ApiPath.BASE + "/refusals"})
class ErrorController {
    private static final String PREFIX = "*";

    private final RefusalJournal journal;
    private final ErrorLinks links;

    ErrorController(RefusalJournal journal, ErrorLinks links) {
        this.journal = journal;
        this.links = links;
    }

    @GetMapping
    ErrorsView errors(@RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        int limit = parameters.limit();
        var wanted = filter(parameters);
        parameters.requireSound();
        // One more tells whether there is a next page.
        var found = journal.find(limit + 1, wanted);
        var next = found.size() > limit ? NextPage.from(found.get(limit).id(), ApiPath.ERRORS, query) : null;
        return new ErrorsView(
                found.stream()
                        .limit(limit)
                        .map(kept -> ErrorView.of(kept, links))
                        .toList(),
                next,
                journal.total());
    }

    private Predicate<Kept> filter(QueryParameters parameters) {
        long from = parameters.findOffset("from").orElse(Long.MAX_VALUE);
        var closed = parameters.has("closed")
                ? parameters.word("closed", "true", "false", "broker", "client")
                : parameters.text("closed").orElse("");
        boolean expected = parameters.flag("expected", true);
        int correlationId = parameters.number("correlationId", 0, 0, Integer.MAX_VALUE);
        boolean oneRequest = parameters.has("correlationId");
        Predicate<Kept> wanted =
                kept -> kept.id() <= from && isOfKind(kept.latest().kind(), closed, expected);
        wanted = and(
                wanted,
                parameters,
                "client",
                (kept, value) -> matches(value, kept.latest().clientId()));
        wanted = and(
                wanted, parameters, "api", (kept, value) -> kept.latest().api().equalsIgnoreCase(value));
        wanted = and(
                wanted,
                parameters,
                "error",
                (kept, value) -> kept.latest().error().equalsIgnoreCase(value));
        wanted = and(
                wanted,
                parameters,
                "reason",
                (kept, value) -> kept.latest().reason().equalsIgnoreCase(value));
        wanted = and(wanted, parameters, "topic", (kept, value) -> links.isOfTopic(kept.latest(), value));
        wanted = and(
                wanted,
                parameters,
                "subject",
                (kept, value) -> kept.latest().subject().equals(value));
        return oneRequest ? wanted.and(kept -> kept.latest().correlationId() == correlationId) : wanted;
    }

    private interface Condition {
        boolean holds(Kept kept, String value);
    }

    private static Predicate<Kept> and(
            Predicate<Kept> wanted, QueryParameters parameters, String name, Condition condition) {
        return parameters
                .text(name)
                .map(value -> wanted.and(kept -> condition.holds(kept, value)))
                .orElse(wanted);
    }

    private static boolean matches(String wanted, String clientId) {
        return wanted.endsWith(PREFIX)
                ? clientId.startsWith(wanted.substring(0, wanted.length() - PREFIX.length()))
                : clientId.equals(wanted);
    }

    /// Connections that ended as all do are shown only to who asks for them.
    private static boolean isOfKind(Kind kind, String closed, boolean expected) {
        return switch (kind) {
            case REFUSED -> closed.isEmpty() || closed.equals("false");
            case EXPECTED -> expected && (closed.isEmpty() || closed.equals("false"));
            case CLOSED -> !closed.equals("false") && !closed.equals("client");
            case LEFT -> closed.equals("true") || closed.equals("client");
        };
    }

    /// @param total since the broker started, without connections that ended as all do; only the newest are kept
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ErrorsView(List<ErrorView> items, @Nullable String next, long total) {}
}
