package io.vitrine.openapi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The `@param` comments of the records that answers are made of.
final class ParamComments {
    private static final Pattern COMMENTED_RECORD =
            Pattern.compile("((?:^ *///.*\\n)+)(?: *@.*\\n)*(?: *private| *public)? *record (\\w+)", Pattern.MULTILINE);
    private static final Pattern PARAM = Pattern.compile("@param (\\w+) (.*?)(?=@param|$)", Pattern.DOTALL);

    private final Map<String, Map<String, String>> byRecord = new HashMap<>();

    static ParamComments read(Path directory) throws IOException {
        var comments = new ParamComments();
        try (var files = Files.list(directory)) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                comments.read(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        return comments;
    }

    private void read(String outer, String source) {
        var found = COMMENTED_RECORD.matcher(source);
        while (found.find()) {
            var text = found.group(1).replaceAll("(?m)^ *///? ?", "").replace('\n', ' ');
            var params = PARAM.matcher(text);
            var ofRecord = byRecord.computeIfAbsent(outer + "." + found.group(2), _ -> new HashMap<>());
            while (params.find()) {
                ofRecord.put(params.group(1), params.group(2).strip());
            }
        }
    }

    Optional<String> find(Class<?> record, String component) {
        var outer = record;
        while (outer.getEnclosingClass() != null) {
            outer = outer.getEnclosingClass();
        }
        var ofRecord = byRecord.getOrDefault(outer.getSimpleName() + "." + record.getSimpleName(), Map.of());
        return Optional.ofNullable(ofRecord.get(component));
    }
}
