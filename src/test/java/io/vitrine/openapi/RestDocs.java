package io.vitrine.openapi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What `docs/rest.md` says of each call: the rows of its tables whose first cell names calls. There `…` stands for
/// what comes before, and a call without a method is a GET.
public final class RestDocs {
    private static final Pattern CALL = Pattern.compile("`(?:(GET|POST|PATCH|PUT|DELETE) )?(…?/[^`?]*)(?:\\?[^`]*)?`");

    private record Row(String method, String shape, String text) {}

    private final List<Row> rows = new ArrayList<>();

    private RestDocs() {}

    public static RestDocs read(Path file) throws IOException {
        var docs = new RestDocs();
        for (var line : Files.readAllLines(file)) {
            var cells = line.split(" \\| ", -1);
            if (line.startsWith("| `") && cells.length >= 2) {
                docs.add(cells[0], cells[1]);
            }
        }
        return docs;
    }

    private void add(String calls, String text) {
        var found = CALL.matcher(calls);
        var method = "GET";
        while (found.find()) {
            method = found.group(1) == null ? method : found.group(1);
            rows.add(new Row(method, RestCall.shape(found.group(2).replace("…", "")), plain(text)));
        }
    }

    /// Links and emphasis are for people who read the page.
    private static String plain(String text) {
        return text.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                .replaceAll("\\s*\\|\\s*$", "")
                .strip();
    }

    /// What is said of a call.
    public Optional<String> find(RestCall call) {
        var shapes = new ArrayList<>(List.of(call.shape()));
        call.siblings().forEach(sibling -> shapes.add(RestCall.shape(sibling)));
        return rows.stream()
                .filter(row -> row.method().equals(call.method()) && shapes.contains(row.shape()))
                .findFirst()
                .or(() -> rows.stream()
                        .filter(row -> row.method().equals(call.method())
                                && shapes.stream().anyMatch(shape -> shape.endsWith(row.shape())))
                        .findFirst())
                .map(Row::text);
    }
}
