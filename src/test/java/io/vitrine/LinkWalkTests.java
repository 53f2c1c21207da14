package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whoever follows links comes everywhere, and finds lists of one shape.
class LinkWalkTests {
    private static final int MOST = 1_500;
    private static final JsonMapper JSON = new JsonMapper();

    /// Calls that nothing links to here: they take what only the caller knows, or need a share group or two generations
    /// of a group. The document that describes all calls has `items` and `links` of other kinds.
    private static final Set<String> NOT_LINKED = Set.of(
            "/api/v1/group",
            "/api/v1/group/members",
            "/api/v1/group/offsets",
            "/api/v1/group/configs",
            "/api/v1/transaction",
            "/api/v1/share-groups/{group}",
            "/api/v1/openapi.json",
            "/api/v1/groups/{group}/timeline/diff",
            "/api/v1/test/wait");

    @TempDir
    Path directory;

    @Test
    void everyCallIsFoundByLinksAndEveryListHasOneShape() throws Exception {
        var settings = new HashMap<>(TransactionClients.QUICK_TRANSACTIONS);
        settings.putAll(GroupClients.QUICK_GROUPS);
        settings.put("vitrine.test-controls", "true");
        settings.put("log.segment.bytes", "1048576");
        try (var broker = RunningBroker.in(directory, settings);
                var admin = new GroupClients(broker).admin();
                var rest = new Rest(broker)) {
            fill(broker);
            admin.describeCluster().nodes().get();
            rest.ask(201, "POST", "/api/v1/test/snapshots/before", "");
            rest.ask(
                    201,
                    "POST",
                    "/api/v1/faults",
                    "{\"api\":\"Produce\",\"client\":\"nobody\",\"fault\":{\"dropAnswer\":true}}");
            var calls = calls(rest);

            var visited = new LinkedHashSet<String>();
            var waiting = new ArrayDeque<String>();
            calls.stream()
                    .filter(call -> !call.contains("{"))
                    .filter(call -> !NOT_LINKED.contains(call))
                    .forEach(waiting::add);
            while (!waiting.isEmpty() && visited.size() < MOST) {
                var path = waiting.removeFirst();
                if (visited.add(path)) {
                    visit(rest, path).stream()
                            .filter(link -> !visited.contains(link))
                            .forEach(waiting::add);
                }
            }

            var missing = new TreeSet<>(calls);
            missing.removeIf(call -> visited.stream().anyMatch(path -> matches(call, path)));
            missing.removeAll(NOT_LINKED);
            assertThat(missing).as("calls that no link leads to").isEmpty();
        }
    }

    private static void fill(RunningBroker broker) throws Exception {
        var clients = new GroupClients(broker);
        broker.createTopic("orders", 2);
        clients.produce("orders", 2, 10);
        try (var member = clients.member("readers", Map.of())) {
            member.subscribe(List.of("orders"));
            GroupClients.poll(member, 1);
            member.commitSync();
        }
        try (var producer = new TransactionClients(broker.bootstrapServers()).producer("billing")) {
            producer.initTransactions();
            producer.beginTransaction();
            TransactionClients.send(producer, "orders", 0, "first");
            producer.commitTransaction();
        }
    }

    private static Set<String> calls(Rest rest) {
        var found = new TreeSet<String>();
        rest
                .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .stream()
                .filter(mapping -> mapping.getMethodsCondition().getMethods().contains(RequestMethod.GET))
                .flatMap(mapping -> mapping.getPatternValues().stream())
                .filter(pattern -> pattern.startsWith("/api/v1") && !pattern.endsWith("/stream"))
                .forEach(found::add);
        assertThat(found).hasSizeGreaterThan(40);
        return found;
    }

    /// @return the links in the answer
    private static List<String> visit(Rest rest, String path) {
        var answer = rest.send("GET", path, "", Map.of());
        if (path.startsWith("/api/v1/connections/") && answer.statusCode() == 404) {
            // Its client was just about to go when it was listed.
            return List.of();
        }
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        var type = answer.headers().firstValue("Content-Type").orElse("");
        if (!type.equals("application/json")) {
            assertThat(type).as(path).isIn("application/octet-stream", "text/plain;charset=UTF-8");
            return List.of();
        }
        var links = new LinkedHashSet<String>();
        collect(path, JSON.readTree(answer.body()), links);
        return List.copyOf(links);
    }

    private static void collect(String path, JsonNode node, Set<String> links) {
        if (node.has("items")) {
            assertThat(node.get("items").isArray()).as(path).isTrue();
            if (node.has("next")) {
                addLink(path, node.get("next"), links);
            }
        }
        for (var property : node.properties()) {
            if (property.getKey().equals("links")) {
                property.getValue().forEach(link -> addLink(path, link, links));
            } else {
                collect(path, property.getValue(), links);
            }
        }
        if (node.isArray()) {
            node.forEach(item -> collect(path, item, links));
        }
    }

    /// All links are to be followed but one, which says where to post.
    private static void addLink(String path, JsonNode link, Set<String> links) {
        if (!link.isNull() && !link.asString().endsWith("/restore")) {
            assertThat(link.asString()).as("a link in " + path).startsWith("/api/v1/");
            links.add(link.asString());
        }
    }

    private static boolean matches(String call, String path) {
        PathPattern pattern = PathPatternParser.defaultInstance.parse(call);
        return pattern.matches(PathContainer.parsePath(path.replaceAll("\\?.*", "")));
    }
}
