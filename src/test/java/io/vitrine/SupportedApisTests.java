package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The documents say what the table of APIs says.
class SupportedApisTests {
    private static final Pattern ROW = Pattern.compile("\\| (\\w+) \\| (\\d+) \\| (\\d+)–(\\d+) \\|.*");

    @TempDir
    Path directory;

    @Test
    void theDocumentListsExactlyWhatIsServed() throws IOException {
        try (var broker = RunningBroker.in(directory)) {
            var served = broker.broker().apis().handlers().stream()
                    .map(handler -> "%s %d %d %d"
                            .formatted(
                                    handler.apiKey().name,
                                    handler.apiKey().id,
                                    handler.versions().lowest(),
                                    handler.versions().highest()))
                    .toList();

            assertThat(documented()).isEqualTo(served);
        }
    }

    private static List<String> documented() throws IOException {
        return Files.readAllLines(Path.of("docs", "supported-apis.md")).stream()
                .map(ROW::matcher)
                .filter(matcher -> matcher.matches())
                .map(row -> "%s %s %s %s".formatted(row.group(1), row.group(2), row.group(3), row.group(4)))
                .toList();
    }
}
