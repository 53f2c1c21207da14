package io.vitrine.admin;

import io.vitrine.control.TestControls;
import io.vitrine.control.Waited;
import io.vitrine.control.Wish;
import io.vitrine.metadata.Topic;
import io.vitrine.metadata.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Answers when something has become so, so that a test need not ask again and again.
@RestController
@RequestMapping(ApiPath.TEST + "/wait")
class WaitController {
    private static final int WAITERS = 32;
    private static final int DEFAULT_TIMEOUT_MS = 10_000;
    private static final int MAX_TIMEOUT_MS = 60_000;
    private static final String FORMS =
            "expected one of: topic; topic, partition and endOffset; group and members; group and lag";

    private final ObjectProvider<TestControls> controls;
    private final Semaphore waiters = new Semaphore(WAITERS);

    WaitController(ObjectProvider<TestControls> controls) {
        this.controls = controls;
    }

    @GetMapping
    WaitedView await(@RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var timeout = Duration.ofMillis(parameters.number("timeoutMs", DEFAULT_TIMEOUT_MS, 0, MAX_TIMEOUT_MS));
        var wish = wish(parameters, query);
        parameters.requireSound();
        if (!waiters.tryAcquire()) {
            throw BusyProblem.waiters(WAITERS);
        }
        try {
            var waited = controls.getObject().waits().await(wish, timeout);
            if (!waited.reached()) {
                throw TestProblem.notReached(waited);
            }
            return WaitedView.of(waited);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TestProblem.stopping();
        } finally {
            waiters.release();
        }
    }

    private static Wish wish(QueryParameters parameters, Map<String, String> query) {
        var topic = parameters.text("topic").orElse("");
        int partition = parameters.number("partition", 0, 0, Integer.MAX_VALUE);
        long endOffset = parameters.findOffset("endOffset").orElse(0);
        var group = parameters.text("group").orElse("");
        int members = parameters.number("members", 0, 0, Integer.MAX_VALUE);
        long lag = parameters.findOffset("lag").orElse(0);
        if (query.containsKey("topic") && !Topic.isLegal(topic)) {
            parameters.violate("topic", "is no name that a topic can have");
        }
        var given = List.of("topic", "partition", "endOffset", "group", "members", "lag").stream()
                .filter(query::containsKey)
                .toList();
        return switch (String.join(" ", given)) {
            case "topic" -> new Wish.TopicReady(topic);
            case "topic partition endOffset" -> new Wish.EndOffset(new TopicPartition(topic, partition), endOffset);
            case "group members" -> new Wish.GroupStable(group, members);
            case "group lag" -> new Wish.GroupLag(group, lag);
            default -> {
                parameters.violate("", FORMS);
                yield new Wish.TopicReady(topic);
            }
        };
    }

    /// @param state what was found
    record WaitedView(boolean reached, long waitedMs, Map<String, @Nullable Object> state) {
        static WaitedView of(Waited waited) {
            return new WaitedView(waited.reached(), waited.waitedMs(), waited.state());
        }
    }
}
