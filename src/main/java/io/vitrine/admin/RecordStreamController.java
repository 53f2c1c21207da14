package io.vitrine.admin;

import io.vitrine.inspect.DecodedRecord;
import io.vitrine.inspect.LiveTail;
import io.vitrine.inspect.LiveTail.Event;
import io.vitrine.inspect.LiveTails;
import io.vitrine.inspect.ReadTotals;
import io.vitrine.inspect.TopicCursor;
import io.vitrine.metadata.Topic;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// The records of a topic as they come, as server-sent events. The request's own thread, a virtual one, reads, writes
/// and waits, so that a reader who does not read stops nothing but this.
@RestController
class RecordStreamController {
    private static final Logger log = LoggerFactory.getLogger(RecordStreamController.class);
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final int MAX_VALUE_BYTES = 1024 * 1024;
    private static final int DEFAULT_MAX_LAG = 100_000;
    private static final int MAX_MAX_LAG = 10_000_000;
    private static final int DEFAULT_HEARTBEAT_MS = 15_000;
    private static final int MIN_HEARTBEAT_MS = 100;
    private static final int MAX_HEARTBEAT_MS = 60_000;

    private final LogLookup lookup;
    private final TopicRange range;
    private final LiveTails tails;
    private final ReadTotals totals;
    private final JsonMapper mapper;

    /// @param maxLag how many records a reader may fall behind
    private record Wanted(TopicQuery query, Mark from, int maxLag, int heartbeatMs) {
        static Wanted of(Map<String, String> query) {
            var parameters = new QueryParameters(query);
            var wanted = new Wanted(
                    TopicQuery.of(parameters, MAX_VALUE_BYTES),
                    Mark.of(parameters, "from", new Mark.Latest()),
                    parameters.number("maxLag", DEFAULT_MAX_LAG, 1, MAX_MAX_LAG),
                    parameters.number("heartbeatMs", DEFAULT_HEARTBEAT_MS, MIN_HEARTBEAT_MS, MAX_HEARTBEAT_MS));
            parameters.requireSound();
            return wanted;
        }
    }

    /// What a stream begins with.
    private record Started(String topic, Map<Integer, Long> positions) {}

    /// What was left out.
    private record DroppedView(long records, List<LiveTail.Gap> gaps) {}

    /// Why there is no more.
    private record EndView(String reason) {}

    RecordStreamController(LogLookup lookup, TopicRange range, LiveTails tails, ReadTotals totals, JsonMapper mapper) {
        this.lookup = lookup;
        this.range = range;
        this.tails = tails;
        this.totals = totals;
        this.mapper = mapper;
    }

    @GetMapping(path = ApiPath.TOPIC_RECORDS + "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void stream(
            @PathVariable String topic,
            @RequestParam Map<String, String> query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var wanted = Wanted.of(query);
        var found = lookup.topic(topic);
        if (!tails.tryEnter()) {
            throw BusyProblem.streams(LiveTails.MAX_OPEN);
        }
        try {
            var start = start(found, wanted, request.getHeader(LAST_EVENT_ID));
            var writer = new EventWriter(mapper, response, wanted.heartbeatMs());
            if (request.getMethod().equals(HttpMethod.HEAD.name())) {
                return;
            }
            try (var tail = tails.open(start)) {
                follow(tail, writer);
            }
        } catch (IOException e) {
            log.debug("The reader of {} has gone", request.getRequestURI(), e);
        } finally {
            tails.leave();
        }
    }

    private LiveTail.Start start(Topic topic, Wanted wanted, @Nullable String lastEventId) {
        var logs = range.logs(topic, wanted.query());
        var end = new Mark.Latest();
        var parts = lastEventId == null || lastEventId.isEmpty()
                ? range.between(logs, wanted.from(), end, wanted.query())
                : range.after(
                        logs, range.positions(lastEventId, topic, LAST_EVENT_ID), end, wanted.query(), LAST_EVENT_ID);
        return new LiveTail.Start(
                topic,
                parts,
                wanted.query().partition().isEmpty(),
                wanted.query().committed(),
                new TopicCursor.Reading(wanted.query().options(), wanted.query().filter(), totals),
                wanted.maxLag());
    }

    @SuppressWarnings("ThreadPriorityCheck") // A virtual thread that never waits has to yield by itself.
    private static void follow(LiveTail tail, EventWriter writer) throws IOException {
        var begin = tail.positions();
        writer.write("start", begin.text(), new Started(tail.topicName(), begin.next()));
        while (true) {
            switch (tail.poll()) {
                case Event.Found(var found, var entry) ->
                    writer.write(
                            entry instanceof DecodedRecord ? "record" : "damaged",
                            tail.positions().text(),
                            TopicRecordView.of(found.name(), entry));
                case Event.Dropped dropped ->
                    writer.write(
                            "dropped", tail.positions().text(), new DroppedView(dropped.records(), dropped.gaps()));
                case Event.Passed() ->
                    // A search through a long log must not keep a core from other requests.
                    Thread.yield();
                case Event.CaughtUp() -> {
                    writer.flush();
                    tail.await(writer.nanosToHeartbeat());
                }
                case Event.Ended(String reason) -> {
                    writer.write("end", tail.positions().text(), new EndView(reason));
                    writer.flush();
                    return;
                }
            }
            if (writer.nanosToHeartbeat() <= 0) {
                writer.heartbeat(tail.positions().text());
            }
            if (Thread.interrupted()) {
                return;
            }
        }
    }
}
