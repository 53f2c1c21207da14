package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.metadata.ClusterImage;
import io.vitrine.metadata.Topic;
import io.vitrine.tap.Exchange;
import io.vitrine.tap.ExchangeTimes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/// A request and what has become of it.
///
/// @param timestamp when it was read
/// @param responseBytes 0 if there was no answer
/// @param topics the first 64 that request or answer name; one that is gone by its id
/// @param moreTopics present where there are others
/// @param errors in the answer, each once, the first eight
/// @param errorCount how many parts of the answer have one
@JsonInclude(JsonInclude.Include.NON_NULL)
record ExchangeView(
        String id,
        long timestamp,
        String timestampIso,
        String api,
        int version,
        int correlationId,
        String clientId,
        PurgatoryController.ConnectionView connection,
        int requestBytes,
        long responseBytes,
        TimesView times,
        String end,
        List<String> topics,
        @Nullable Boolean moreTopics,
        List<ErrorView> errors,
        int errorCount,
        Map<String, String> links) {

    /// In milliseconds, to the microsecond.
    ///
    /// @param queue behind other requests of its connection, or until there was memory
    /// @param local in its handler, on the network thread
    /// @param waiting for a disk, records, group members or another thread, and for the answers before it
    /// @param send until the client's system had taken the answer
    record TimesView(double queue, double local, double waiting, double send, double total) {
        private static final long NANOS_OF_MICRO = 1_000;
        private static final double MICROS_OF_MILLI = 1_000;

        static TimesView of(ExchangeTimes times) {
            return new TimesView(
                    ms(times.queueNanos()),
                    ms(times.localNanos()),
                    ms(times.waitingNanos()),
                    ms(times.sendNanos()),
                    ms(times.totalNanos()));
        }

        private static double ms(long nanos) {
            long micros = nanos / NANOS_OF_MICRO;
            return micros / MICROS_OF_MILLI;
        }
    }

    record ErrorView(int code, String name) {
        static ErrorView of(short code) {
            return new ErrorView(code, Errors.forCode(code).name());
        }
    }

    /// @param now the moment at which `System.nanoTime()` was `nanos`
    record Clock(Instant now, long nanos) {
        static Clock read() {
            return new Clock(Instant.now(java.time.Clock.systemUTC()), System.nanoTime());
        }

        Instant at(long nanoTime) {
            return now.plusNanos(nanoTime - nanos);
        }
    }

    static ExchangeView of(Exchange exchange, ClusterImage image, Clock clock) {
        var time = clock.at(exchange.times().read());
        var caller = exchange.caller();
        var mentions = exchange.mentions();
        return new ExchangeView(
                exchange.id(),
                time.toEpochMilli(),
                time.toString(),
                exchange.apiKey().name,
                exchange.version(),
                exchange.correlationId(),
                exchange.clientId(),
                new PurgatoryController.ConnectionView(caller.id(), caller.address(), caller.listener()),
                exchange.requestBytes(),
                exchange.responseBytes(),
                TimesView.of(exchange.times()),
                exchange.end().name(),
                mentions.topics().stream().map(topic -> name(topic, image)).toList(),
                mentions.hasMoreTopics() ? true : null,
                errors(mentions.errors()),
                mentions.errorCount(),
                links(exchange));
    }

    /// Of errors it is known why, by client and API.
    private static Map<String, String> links(Exchange exchange) {
        var links = new TreeMap<String, String>();
        links.put("connection", ApiPath.connection(exchange.caller().id()));
        if (exchange.mentions().errorCount() > 0) {
            links.put(
                    "errors",
                    "%s?api=%s&client=%s"
                            .formatted(
                                    ApiPath.ERRORS,
                                    exchange.apiKey().name,
                                    UriUtils.encode(exchange.clientId(), StandardCharsets.UTF_8)));
        }
        return links;
    }

    private static String name(Object topic, ClusterImage image) {
        return topic instanceof Uuid id ? image.findTopic(id).map(Topic::name).orElseGet(id::toString) : (String) topic;
    }

    private static List<ErrorView> errors(short[] codes) {
        var views = new ArrayList<ErrorView>();
        for (short code : codes) {
            views.add(ErrorView.of(code));
        }
        return views;
    }
}
