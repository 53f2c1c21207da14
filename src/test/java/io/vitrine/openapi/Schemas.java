package io.vitrine.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// JSON schemas of the records that answers are made of.
final class Schemas {
    private final ParamComments comments;
    private final Map<String, Map<String, Object>> components = new TreeMap<>();

    Schemas(ParamComments comments) {
        this.comments = comments;
    }

    Map<String, Map<String, Object>> components() {
        return components;
    }

    /// The schema of what a controller returns; empty if its type does not say.
    Map<String, Object> of(Type type) {
        return of(type, Map.of());
    }

    private Map<String, Object> of(Type type, Map<TypeVariable<?>, Type> known) {
        return switch (type) {
            case TypeVariable<?> variable -> of(known.getOrDefault(variable, Object.class), Map.of());
            case WildcardType _ -> Map.of();
            case ParameterizedType generic -> ofGeneric(generic, known);
            case Class<?> plain -> ofClass(plain, Map.of(), name(plain));
            default -> Map.of();
        };
    }

    private Map<String, Object> ofGeneric(ParameterizedType generic, Map<TypeVariable<?>, Type> known) {
        var raw = (Class<?>) generic.getRawType();
        var arguments = generic.getActualTypeArguments();
        if (Collection.class.isAssignableFrom(raw)) {
            return ordered("type", "array", "items", of(arguments[0], known));
        }
        if (Map.class.isAssignableFrom(raw)) {
            return ordered("type", "object", "additionalProperties", of(arguments[1], known));
        }
        if (!raw.isRecord()) {
            return raw.getSimpleName().equals("ResponseEntity") ? of(arguments[0], known) : Map.of();
        }
        var inside = new LinkedHashMap<TypeVariable<?>, Type>();
        var name = new StringBuilder(name(raw));
        for (int i = 0; i < arguments.length; i++) {
            var argument = arguments[i] instanceof TypeVariable<?> variable
                    ? known.getOrDefault(variable, Object.class)
                    : arguments[i];
            inside.put(raw.getTypeParameters()[i], argument);
            name.append('.').append(argument instanceof Class<?> plain ? name(plain) : "Any");
        }
        return ofClass(raw, inside, name.toString());
    }

    private Map<String, Object> ofClass(Class<?> type, Map<TypeVariable<?>, Type> known, String name) {
        if (type == int.class || type == Integer.class || type == short.class || type == byte.class) {
            return ordered("type", "integer", "format", "int32");
        }
        if (type == long.class || type == Long.class) {
            return ordered("type", "integer", "format", "int64");
        }
        if (type == double.class || type == Double.class) {
            return ordered("type", "number");
        }
        if (type == boolean.class || type == Boolean.class) {
            return ordered("type", "boolean");
        }
        if (type == String.class) {
            return ordered("type", "string");
        }
        if (type.isEnum()) {
            return ordered(
                    "type",
                    "string",
                    "enum",
                    Stream.of(type.getEnumConstants()).map(Object::toString).toList());
        }
        if (!type.isRecord() && !type.isSealed()) {
            return Map.of();
        }
        if (!components.containsKey(name)) {
            components.put(name, Map.of());
            components.put(name, type.isRecord() ? ofRecord(type, known) : oneOf(type));
        }
        return ordered("$ref", "#/components/schemas/" + name);
    }

    private Map<String, Object> oneOf(Class<?> sealed) {
        return ordered(
                "oneOf",
                Stream.of(sealed.getPermittedSubclasses()).map(this::of).toList());
    }

    private Map<String, Object> ofRecord(Class<?> record, Map<TypeVariable<?>, Type> known) {
        var properties = new LinkedHashMap<String, Object>();
        var required = new ArrayList<String>();
        for (var component : record.getRecordComponents()) {
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            boolean leftOut = nullable && isLeftOutWhenNull(record, component);
            if (!leftOut) {
                required.add(component.getName());
            }
            var schema = new LinkedHashMap<>(of(component.getGenericType(), known));
            var shown = nullable && !leftOut ? orNull(schema) : schema;
            comments.find(record, component.getName()).ifPresent(text -> shown.put("description", text));
            properties.put(component.getName(), shown);
        }
        return ordered("type", "object", "properties", properties, "required", required);
    }

    private static boolean isLeftOutWhenNull(Class<?> record, RecordComponent component) {
        return Stream.of(
                        record.getAnnotation(JsonInclude.class),
                        component.getAccessor().getAnnotation(JsonInclude.class))
                .anyMatch(include -> include != null && include.value() == JsonInclude.Include.NON_NULL);
    }

    private static Map<String, Object> orNull(Map<String, Object> schema) {
        if (schema.get("type") instanceof String type) {
            schema.put("type", List.of(type, "null"));
            return schema;
        }
        return schema.isEmpty() ? schema : ordered("oneOf", List.of(schema, Map.of("type", "null")));
    }

    private static String name(Class<?> type) {
        var outer = type.getEnclosingClass();
        return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
    }

    static Map<String, Object> ordered(Object... namesAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
