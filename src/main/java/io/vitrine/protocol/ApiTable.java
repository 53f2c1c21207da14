package io.vitrine.protocol;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;

/// The APIs that are served. Dispatch and the answer to ApiVersions both read it, so they can't disagree.
public final class ApiTable {
    private final Map<ApiKeys, RequestHandler<?>> handlers = new EnumMap<>(ApiKeys.class);

    /// @throws IllegalArgumentException if two handlers claim one API, or one claims versions that Kafka does not
    /// have
    public ApiTable(List<RequestHandler<?>> handlers) {
        for (var handler : handlers) {
            add(handler);
        }
    }

    /// Adds a handler that itself reads this table, before the first request.
    public void add(RequestHandler<?> handler) {
        var key = handler.apiKey();
        // ApiKeys itself allows for what Kafka advertises but does not serve.
        if (handler.lowestServedVersion() < key.oldestVersion()
                || handler.versions().highest() > key.latestVersion()) {
            throw new IllegalArgumentException("%s has versions %d to %d, not %s"
                    .formatted(key, key.oldestVersion(), key.latestVersion(), handler.versions()));
        }
        if (handlers.putIfAbsent(key, handler) != null) {
            throw new IllegalArgumentException("Two handlers claim " + key);
        }
    }

    public Optional<RequestHandler<?>> find(ApiKeys key) {
        return Optional.ofNullable(handlers.get(key));
    }

    /// All handlers, in order of their API keys.
    public Collection<RequestHandler<?>> handlers() {
        return handlers.values();
    }
}
