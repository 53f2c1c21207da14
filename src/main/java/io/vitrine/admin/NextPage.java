package io.vitrine.admin;

import io.vitrine.inspect.ReadableLog;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/// The link to the page behind a full one.
final class NextPage {
    private NextPage() {}

    /// The same question from `nextOffset` on; null if the log ends there.
    static @Nullable String after(ReadableLog log, long nextOffset, String path, Map<String, String> query) {
        boolean atEnd = log.findOffsets()
                .map(offsets -> nextOffset >= offsets.logEndOffset())
                .orElse(true);
        return atEnd ? null : from(nextOffset, path, query);
    }

    /// The same question from `next` on.
    static String from(long next, String path, Map<String, String> query) {
        var parameters = new TreeMap<>(query);
        parameters.put("from", String.valueOf(next));
        var link = UriComponentsBuilder.fromPath(path);
        parameters.forEach(link::queryParam);
        return link.encode().build().toUriString();
    }
}
