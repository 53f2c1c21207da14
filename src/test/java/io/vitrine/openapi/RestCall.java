package io.vitrine.openapi;

import java.lang.reflect.Method;
import java.util.List;

/// One call that the controllers answer.
///
/// @param path with its variables, such as `/api/v1/topics/{topic}`
/// @param siblings other paths of the same controller method
public record RestCall(
        String method, String path, Method handler, List<String> produces, List<String> consumes, List<String> siblings)
        implements Comparable<RestCall> {

    /// The path below `/api/v1`, with its variables unnamed.
    String shape() {
        return shape(path);
    }

    static String shape(String path) {
        return path.replace("/api/v1", "").replaceAll("\\{[^}]*}", "{}");
    }

    @Override
    public int compareTo(RestCall other) {
        int byPath = path.compareTo(other.path);
        return byPath != 0 ? byPath : method.compareTo(other.method);
    }
}
