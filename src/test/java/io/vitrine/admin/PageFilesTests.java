package io.vitrine.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The files of the page: how they are served, and what must not be in them.
class PageFilesTests extends RestScenario {
    private static final Path PAGE = Path.of("src/main/resources/static/page");
    private static final Pattern IMPORT = Pattern.compile("(?m)^(?:import|export)\\s.*?from '([^']+)'");
    private static final int MAX_LINES = 300;
    private static final int MAX_LINES_OF_STYLE = 400;

    @Override
    void prepare() {}

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/main.js", "/page/page.css"})
    void theyAreServedUnderAStrictPolicy(String path) throws Exception {
        var answer = rest.get(path, "*/*");

        assertThat(answer.statusCode()).isEqualTo(200);
        var headers = answer.headers();
        assertThat(headers.firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types")
                        .doesNotContain("unsafe", "http:", "https:", "*"));
        assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/page/",
                "/page/none.js",
                "/page/../application.properties",
                "/page/%2e%2e/%2e%2e/application.properties",
                "/page/..%2f..%2fapplication.properties",
                "/webjars/../../application.properties",
                "/application.properties",
                "/static/page/main.js"
            })
    void nothingElseIs(String path) throws Exception {
        assertThat(rest.getRaw(path))
                .startsWith("HTTP/1.1 4")
                .doesNotContain("spring.application.name", "followArrows");
    }

    /// Each import leads to a file that is served, so that a library of another version than the one named is noticed.
    @Test
    void whatTheyImportIsThere() throws Exception {
        for (var file : files("js")) {
            var imports = IMPORT.matcher(Files.readString(file));
            while (imports.find()) {
                var target = imports.group(1);

                assertThat(target).as("in %s", file).matches("(/|\\./|\\.\\./).*\\.js");
                var path = target.startsWith("/")
                        ? target
                        : "/page/" + PAGE.relativize(file.resolveSibling(target).normalize());
                assertThat(rest.get(path, "*/*").statusCode())
                        .as("%s in %s", path, file)
                        .isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void noneOfThemMakesElementsOfTextOrAsksOthers(Path file) throws IOException {
        var text = Files.readString(file);

        assertThat(text)
                .doesNotContainPattern(
                        "innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML\\W*[(}]|unsafeSVG|document\\.write"
                                + "|DOMParser|createContextualFragment|srcdoc|\\beval\\(|new Function|setTimeout\\('")
                .doesNotContainPattern("\\sstyle\\s*=|\\son[a-z]+\\s*=\\s*[\"'$]|javascript:")
                .doesNotContainPattern("https?://(?!www\\.w3\\.org/)")
                .doesNotContain("@import");
        assertThat(text.lines().count())
                .as("lines of %s", file)
                .isLessThanOrEqualTo(file.toString().endsWith(".css") ? MAX_LINES_OF_STYLE : MAX_LINES);
    }

    /// A view is one export, and is in the table of all views.
    @Test
    void everyViewIsInTheTable() throws IOException {
        var table = Files.readString(PAGE.resolve("views.js"));
        try (var views = Files.list(PAGE.resolve("views"))) {
            for (var view : views.filter(file -> !file.endsWith("missing.js")).toList()) {
                assertThat(Files.readString(view).lines().filter(line -> line.startsWith("export ")))
                        .as("exports of %s", view)
                        .hasSize(1);
                assertThat(table).contains("'./views/" + view.getFileName() + "'");
            }
        }
    }

    static List<Path> sources() {
        return Stream.of("js", "css", "html")
                .flatMap(kind -> files(kind).stream())
                .toList();
    }

    private static List<Path> files(String ending) {
        try (var files = Files.walk(PAGE)) {
            return files.filter(file -> file.toString().endsWith("." + ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
