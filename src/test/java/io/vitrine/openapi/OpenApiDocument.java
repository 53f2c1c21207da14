package io.vitrine.openapi;

import static io.vitrine.openapi.Schemas.ordered;

import java.io.IOException;
import java.lang.reflect.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.PathVariable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The OpenAPI document: paths and forms as they are mapped, parameters as the calls themselves tell them, what is
/// answered by the types and comments of the code, and what each call is for by `docs/rest.md`.
public final class OpenApiDocument {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Pattern VARIABLE = Pattern.compile("\\{([^}]*)}");

    private final RestDocs docs;
    private final Schemas schemas;
    private final Function<RestCall, List<String>> parameters;

    /// @param parameters the names of those that a call takes in its query
    public OpenApiDocument(RestDocs docs, Function<RestCall, List<String>> parameters) throws IOException {
        this.docs = docs;
        this.schemas = new Schemas(ParamComments.read(Path.of("src/main/java/io/vitrine/admin")));
        this.parameters = parameters;
    }

    public String write(Collection<RestCall> calls) {
        var paths = new TreeMap<String, Map<String, Object>>();
        for (var call : calls) {
            paths.computeIfAbsent(call.path(), _ -> new TreeMap<>())
                    .put(call.method().toLowerCase(Locale.ROOT), operation(call));
        }
        var problem = ordered(
                "description",
                "Why not, as RFC 9457 has it.",
                "content",
                Map.of("application/problem+json", Map.of("schema", problem())));
        return JSON.writeValueAsString(ordered(
                        "openapi",
                        "3.1.0",
                        "info",
                        ordered(
                                "title",
                                "Vitrine",
                                "version",
                                "v1",
                                "description",
                                "Everything the broker holds. docs/rest.md says more of each call."),
                        "servers",
                        List.of(Map.of("url", "/")),
                        "paths",
                        paths,
                        "components",
                        ordered("schemas", schemas.components(), "responses", Map.of("Problem", problem))))
                + "\n";
    }

    private Map<String, Object> operation(RestCall call) {
        var operation = ordered("summary", docs.find(call).orElse(""), "parameters", parameters(call));
        if (!call.consumes().isEmpty()) {
            operation.put("requestBody", ordered("required", true, "content", content(call.consumes(), Map.of())));
        }
        var produces = call.produces().isEmpty() ? List.of("application/json") : call.produces();
        var schema = schemas.of(call.handler().getGenericReturnType());
        operation.put(
                "responses",
                ordered(
                        "2XX",
                        ordered("description", "What was asked for.", "content", content(produces, schema)),
                        "default",
                        Map.of("$ref", "#/components/responses/Problem")));
        return operation;
    }

    private static Map<String, Object> content(List<String> types, Map<String, Object> schemaOfJson) {
        var content = new LinkedHashMap<String, Object>();
        for (var type : types) {
            boolean described = type.equals("application/json") && !schemaOfJson.isEmpty();
            content.put(type, described ? Map.of("schema", schemaOfJson) : Map.of());
        }
        return content;
    }

    private List<Map<String, Object>> parameters(RestCall call) {
        var all = new ArrayList<Map<String, Object>>();
        var variables = VARIABLE.matcher(call.path());
        while (variables.find()) {
            all.add(ordered(
                    "name",
                    variables.group(1),
                    "in",
                    "path",
                    "required",
                    true,
                    "schema",
                    schemas.of(typeOf(call, variables.group(1)))));
        }
        for (var name : parameters.apply(call)) {
            all.add(ordered("name", name, "in", "query", "schema", Map.of("type", "string")));
        }
        return all;
    }

    private static Class<?> typeOf(RestCall call, String variable) {
        return Stream.of(call.handler().getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(PathVariable.class)
                        && parameter.getName().equals(variable))
                .<Class<?>>map(Parameter::getType)
                .findFirst()
                .orElse(String.class);
    }

    private static Map<String, Object> problem() {
        return ordered(
                "type",
                "object",
                "properties",
                ordered(
                        "status", Map.of("type", "integer"),
                        "title", Map.of("type", "string"),
                        "detail", Map.of("type", "string"),
                        "instance", Map.of("type", "string"),
                        "errorCode", Map.of("type", "integer"),
                        "errorName", Map.of("type", "string"),
                        "violations",
                                ordered(
                                        "type",
                                        "array",
                                        "items",
                                        ordered(
                                                "type",
                                                "object",
                                                "properties",
                                                ordered(
                                                        "parameter", Map.of("type", "string"),
                                                        "message", Map.of("type", "string"))))),
                "required",
                List.of("status", "title", "detail"));
    }
}
