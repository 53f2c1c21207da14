package io.vitrine.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vitrine.protocol.Purgatory;
import io.vitrine.protocol.PurgatoryEntry;
import io.vitrine.tap.ConnectionEntry;
import io.vitrine.tap.ConnectionOverview;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// The open connections of Kafka clients, in the order in which they were opened; and the end of one.
@RestController
@RequestMapping(ApiPath.CONNECTIONS)
class ConnectionController {
    private final ConnectionOverview connections;
    private final Purgatory purgatory;

    ConnectionController(ConnectionOverview connections, Purgatory purgatory) {
        this.connections = connections;
        this.purgatory = purgatory;
    }

    @GetMapping
    ConnectionsView connections(@RequestParam Map<String, String> query) {
        var parameters = new QueryParameters(query);
        long from = parameters.findOffset("from").orElse(0);
        int limit = parameters.limit();
        parameters.requireSound();
        var page = connections.list(from, limit + 1);
        var waiting = waiting();
        return new ConnectionsView(
                page.stream().limit(limit).map(entry -> view(entry, waiting)).toList(),
                connections.connectionCount(),
                page.size() > limit ? NextPage.from(page.getLast().caller().id(), ApiPath.CONNECTIONS, query) : null);
    }

    @GetMapping("/{id}")
    ConnectionView connection(@PathVariable long id, HttpServletRequest request) {
        QueryParameters.requireNone(request);
        var entry = connections.find(id).orElseThrow(() -> unknown(id));
        return view(entry, waiting());
    }

    /// What its client has been answered is lost if it has not taken it yet; what it has written stays written.
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void close(@PathVariable long id, HttpServletRequest request) {
        QueryParameters.requireNone(request);
        if (!connections.close(id, "somebody asked for it over HTTP (DELETE %s)".formatted(ApiPath.connection(id)))) {
            throw unknown(id);
        }
    }

    private static ConnectionView view(ConnectionEntry entry, Map<Long, Integer> waiting) {
        return ConnectionView.of(entry, waiting.getOrDefault(entry.caller().id(), 0));
    }

    /// How many fetches of each connection wait for records.
    private Map<Long, Integer> waiting() {
        var counts = new HashMap<Long, Integer>();
        for (PurgatoryEntry entry : purgatory.list(0, Integer.MAX_VALUE, 0)) {
            counts.merge(entry.caller().id(), 1, Integer::sum);
        }
        return counts;
    }

    private static ApiProblem unknown(long id) {
        return new ApiProblem(HttpStatus.NOT_FOUND, "Unknown connection", "No connection %d is open.".formatted(id));
    }

    /// @param open how many there are in all
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ConnectionsView(
            List<ConnectionView> items, int open, @Nullable String next) {}
}
