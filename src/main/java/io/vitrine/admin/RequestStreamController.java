package io.vitrine.admin;

import io.vitrine.metadata.MetadataService;
import io.vitrine.tap.ExchangeFilter;
import io.vitrine.tap.ExchangeFollower;
import io.vitrine.tap.ExchangeFollower.Event;
import io.vitrine.tap.ShownBodies;
import io.vitrine.tap.WireTaps;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// The requests of Kafka clients and their answers as they pass, as server-sent events. The request's own thread, a
/// virtual one, looks, decodes, writes and waits: the network threads do nothing for it.
@RestController
class RequestStreamController {
    private static final Logger log = LoggerFactory.getLogger(RequestStreamController.class);
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final int DEFAULT_BODY_CHARS = 16 * 1024;
    private static final int MAX_BODY_CHARS = 256 * 1024;
    private static final int DEFAULT_HEARTBEAT_MS = 15_000;
    private static final int MIN_HEARTBEAT_MS = 100;
    private static final int MAX_HEARTBEAT_MS = 60_000;

    private final WireTaps taps;
    private final MetadataService metadata;
    private final JsonMapper mapper;

    private record Wanted(
            ExchangeFilter filter, WireTaps.Start start, boolean bodies, int maxBodyChars, int heartbeatMs) {}

    /// What a stream begins with.
    private record Started(boolean resumed) {}

    /// What was left out.
    private record DroppedView(long exchanges) {}

    /// Why there is no more.
    private record EndView(String reason) {}

    RequestStreamController(WireTaps taps, MetadataService metadata, JsonMapper mapper) {
        this.taps = taps;
        this.metadata = metadata;
        this.mapper = mapper;
    }

    @GetMapping(path = ApiPath.REQUESTS + "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void stream(@RequestParam Map<String, String> query, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var wanted = wanted(query);
        var lastEventId = request.getHeader(LAST_EVENT_ID);
        if (lastEventId != null && !lastEventId.isEmpty() && !WireTaps.isPosition(lastEventId)) {
            throw ApiProblem.badParameter(LAST_EVENT_ID, "is none that was given here");
        }
        if (!taps.tryEnter()) {
            throw BusyProblem.streams(WireTaps.MAX_OPEN);
        }
        try {
            var writer = new EventWriter(mapper, response, wanted.heartbeatMs());
            if (request.getMethod().equals(HttpMethod.HEAD.name())) {
                return;
            }
            boolean resumed = lastEventId != null && !lastEventId.isEmpty();
            try (var follower = open(wanted, resumed ? lastEventId : null)) {
                writer.write("start", follower.position(), new Started(resumed));
                follow(follower, wanted, writer);
            }
        } catch (IOException e) {
            log.debug("The reader of {} has gone", request.getRequestURI(), e);
        } finally {
            taps.leave();
        }
    }

    private Wanted wanted(Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var wanted = new Wanted(
                new ExchangeQuery(parameters, metadata).filter(),
                parameters.word("from", "latest", "earliest").equals("earliest")
                        ? WireTaps.Start.EARLIEST
                        : WireTaps.Start.LATEST,
                parameters.flag("bodies", false),
                parameters.number("maxBodyChars", DEFAULT_BODY_CHARS, 1, MAX_BODY_CHARS),
                parameters.number("heartbeatMs", DEFAULT_HEARTBEAT_MS, MIN_HEARTBEAT_MS, MAX_HEARTBEAT_MS));
        parameters.requireSound();
        return wanted;
    }

    private ExchangeFollower open(Wanted wanted, @Nullable String position) {
        return position == null
                ? taps.open(wanted.filter(), wanted.bodies(), wanted.start())
                : taps.resume(wanted.filter(), wanted.bodies(), position);
    }

    @SuppressWarnings("ThreadPriorityCheck") // A virtual thread that never waits has to yield by itself.
    private void follow(ExchangeFollower follower, Wanted wanted, EventWriter writer) throws IOException {
        while (true) {
            switch (follower.poll()) {
                case Event.Found(var exchange) -> {
                    var bodies = wanted.bodies() ? ShownBodies.of(exchange, wanted.maxBodyChars()) : null;
                    var view = ExchangeView.of(exchange, metadata.image(), ExchangeView.Clock.read());
                    writer.write(
                            "exchange",
                            follower.position(),
                            bodies == null
                                    ? view
                                    : new TappedExchangeView(view, TappedExchangeView.BodiesView.of(bodies)));
                }
                case Event.Missed(long exchanges) ->
                    writer.write("dropped", follower.position(), new DroppedView(exchanges));
                case Event.Passed() ->
                    // Looking through many in vain must not keep a core from other requests.
                    Thread.yield();
                case Event.CaughtUp() -> {
                    writer.flush();
                    follower.await(writer.nanosToHeartbeat());
                }
                case Event.Ended(String reason) -> {
                    writer.write("end", follower.position(), new EndView(reason));
                    writer.flush();
                    return;
                }
            }
            if (writer.nanosToHeartbeat() <= 0) {
                writer.heartbeat(follower.position());
            }
            if (Thread.interrupted()) {
                return;
            }
        }
    }
}
