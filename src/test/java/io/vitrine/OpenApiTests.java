package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.openapi.OpenApiDocument;
import io.vitrine.openapi.RestCall;
import io.vitrine.openapi.RestDocs;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whoever reads about the calls, in any of three places, reads of all of them, and of no others.
@TestInstance(Lifecycle.PER_CLASS)
class OpenApiTests {
    private static final Path COMMITTED = Path.of("src/main/resources/openapi.json");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path directory;

    private RunningBroker broker;
    private Rest rest;
    private RestDocs docs;
    private final TreeSet<RestCall> calls = new TreeSet<>();

    @BeforeAll
    void start() throws IOException {
        broker = RunningBroker.in(directory, Map.of("vitrine.test-controls", "true"));
        broker.createTopic("orders", 1);
        rest = new Rest(broker);
        docs = RestDocs.read(Path.of("docs/rest.md"));
        rest.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, handler) -> add(mapping, handler.getMethod()));
        assertThat(calls).hasSizeGreaterThan(60);
    }

    @AfterAll
    void stop() {
        rest.close();
        broker.close();
    }

    /// With `-Dvitrine.openapi.write=true` it is made current.
    @Test
    void theDocumentIsCurrent() throws IOException {
        var document = new OpenApiDocument(docs, this::parameters).write(calls);

        if (Boolean.getBoolean("vitrine.openapi.write")) {
            Files.writeString(COMMITTED, document);
        }
        assertThat(Files.readString(COMMITTED))
                .as("%s; run this test with -Dvitrine.openapi.write=true and commit what it writes", COMMITTED)
                .isEqualTo(document);
    }

    @Test
    void theDocumentIsServed() throws IOException {
        var served = rest.get("/api/v1/openapi.json");

        assertThat(served).isEqualTo(JSON.readTree(Files.readString(COMMITTED)));
        assertThat(served.at("/openapi").asString()).startsWith("3.1");
        assertThat(references(served, new ArrayList<>()))
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                served.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void theDocsTellOfEveryCall() {
        assertThat(calls.stream()
                        .filter(call -> docs.find(call).isEmpty())
                        .map(call -> call.method() + " " + call.path()))
                .isEmpty();
    }

    @Test
    void everyCallHasAnExample() throws IOException {
        var examples = new StringBuilder();
        try (var files = Files.list(Path.of("http-examples"))) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".http")).toList()) {
                examples.append(Files.readString(file));
            }
        }
        var lines = examples.toString().lines().toList();

        assertThat(calls.stream()
                        .filter(call -> Stream.concat(Stream.of(call.path()), call.siblings().stream())
                                .noneMatch(path ->
                                        lines.stream().anyMatch(line -> line.matches(example(call.method(), path)))))
                        .map(call -> call.method() + " " + call.path()))
                .isEmpty();
    }

    @Test
    void noCallIgnoresAParameterThatItDoesNotKnow() {
        var ignoring = new TreeMap<String, Integer>();
        for (var call : calls) {
            int status = send(call).statusCode();
            if (status < 400) {
                ignoring.put(call.method() + " " + call.path(), status);
            }
        }

        assertThat(ignoring).isEmpty();
    }

    /// A stream, which does not end, is asked for its headers alone.
    private static String example(String method, String path) {
        var methods = method.equals("GET") ? "(GET|HEAD)" : method;
        return "%s \\{\\{host}}%s(\\?.*)?\\s*".formatted(methods, path.replaceAll("\\{[^}]*}", "[^/?]+"));
    }

    private void add(RequestMappingInfo mapping, Method handler) {
        var paths = mapping.getPatternValues().stream()
                .filter(path -> path.startsWith("/api/v1"))
                .toList();
        for (var path : paths) {
            for (var method : mapping.getMethodsCondition().getMethods()) {
                calls.add(new RestCall(
                        method.name(),
                        path,
                        handler,
                        types(mapping.getProducesCondition().getProducibleMediaTypes()),
                        types(mapping.getConsumesCondition().getConsumableMediaTypes()),
                        paths));
            }
        }
    }

    private static List<String> types(Set<MediaType> types) {
        return types.stream().map(MediaType::toString).sorted().toList();
    }

    /// A call that is given a parameter which it does not know says which it does.
    private List<String> parameters(RestCall call) {
        var answer = JSON.readTree(send(call).body());
        for (var violation : answer.path("violations")) {
            var message = violation.path("message").asString();
            if (violation.path("parameter").asString().equals("nope") && message.startsWith("is none of ")) {
                return Stream.of(message.substring("is none of ".length()).split(", "))
                        .sorted()
                        .toList();
            }
        }
        return List.of();
    }

    private HttpResponse<String> send(RestCall call) {
        var path = call.path()
                .replace("{topic}", "orders")
                .replaceAll("\\{(partition|offset|base|id)}", "0")
                .replaceAll("\\{[^}]*}", "x");
        var type = call.consumes().stream().findFirst().orElse("application/json");
        var body = call.consumes().isEmpty() ? "" : "{}";
        return rest.send(call.method(), path + "?nope=1", body, Map.of("Content-Type", type));
    }

    private static List<String> references(JsonNode node, List<String> found) {
        if (node.has("$ref")) {
            found.add(node.get("$ref").asString());
        }
        node.forEach(child -> references(child, found));
        return found;
    }
}
