package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.metadata.MetadataService;
import io.vitrine.tap.Exchange;
import io.vitrine.tap.ExchangeMark;
import io.vitrine.tap.RecentExchanges;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

/// The last requests of Kafka clients and what has become of them, newest first.
@RestController
@RequestMapping(ApiPath.REQUESTS)
class RequestController {
    // run, when it ended, ring, number
    private static final Pattern CURSOR = Pattern.compile("([0-9a-f]{8})\\.(-?\\d{1,18})\\.(\\d{1,4})\\.(\\d{1,18})");

    private final RecentExchanges exchanges;
    private final MetadataService metadata;

    RequestController(RecentExchanges exchanges, MetadataService metadata) {
        this.exchanges = exchanges;
        this.metadata = metadata;
    }

    @GetMapping
    RequestsView requests(@RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        var filter = new ExchangeQuery(parameters, metadata).filter();
        var before = before(parameters);
        int limit = parameters.limit();
        parameters.requireSound();
        var page = exchanges.latest(filter, before, limit + 1);
        var clock = ExchangeView.Clock.read();
        var image = metadata.image();
        return new RequestsView(
                page.stream()
                        .limit(limit)
                        .map(exchange -> ExchangeView.of(exchange, image, clock))
                        .toList(),
                exchanges.total(),
                page.size() > limit ? next(page.get(limit - 1), query) : null);
    }

    private @Nullable ExchangeMark before(QueryParameters parameters) {
        var given = parameters.text("cursor").orElse("");
        if (given.isEmpty()) {
            return null;
        }
        var cursor = CURSOR.matcher(given);
        if (!cursor.matches()) {
            parameters.violate("cursor", "is none that was given here");
            return null;
        }
        if (!cursor.group(1).equals(exchanges.run())) {
            parameters.violate("cursor", "is of an earlier run of the broker, whose requests are forgotten");
            return null;
        }
        return new ExchangeMark(
                Long.parseLong(cursor.group(2)), Integer.parseInt(cursor.group(3)), Long.parseLong(cursor.group(4)));
    }

    private String next(Exchange last, Map<String, String> query) {
        var mark = ExchangeMark.of(last);
        var parameters = new TreeMap<>(query);
        parameters.put(
                "cursor", "%s.%d.%d.%d".formatted(exchanges.run(), mark.endedNanos(), mark.ring(), mark.sequence()));
        return parameters.entrySet().stream()
                .map(one -> escaped(one.getKey()) + "=" + escaped(one.getValue()))
                .collect(Collectors.joining("&", ApiPath.REQUESTS + "?", ""));
    }

    /// What clients call themselves may be any text.
    private static String escaped(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }

    /// @param total since the broker started; only the last are kept
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RequestsView(
            List<ExchangeView> items, long total, @Nullable String next) {}
}
