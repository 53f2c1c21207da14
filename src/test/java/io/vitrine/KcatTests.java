package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// kcat, and with it librdkafka, which speaks older versions of the protocol.
class KcatTests {
    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningBroker broker;

    @BeforeEach
    void start() {
        boolean installed = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kcat")));
        if (!installed) {
            System.out.println("Skipping KcatTests: kcat is not on the PATH");
        }
        assumeTrue(installed, "kcat is not on the PATH");
        broker = RunningBroker.in(directory);
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void readsBackWhatItWrote(String codec) throws Exception {
        var sent = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            sent.append("key-%d:value-%d%n".formatted(i, i));
        }
        kcat(sent.toString(), "-P", "-t", "orders", "-K:", "-z", codec, "-H", "codec=" + codec);

        var read = kcat("", "-C", "-t", "orders", "-e", "-q", "-f", "%k:%s\n");

        assertThat(read).isEqualTo(sent.toString());
    }

    @Test
    void listsTheBrokerAndItsTopics() throws Exception {
        broker.createTopic("orders", 3);

        var listing = kcat("", "-L");

        assertThat(listing).contains("topic \"orders\" with 3 partitions", "localhost:" + broker.port());
    }

    @Test
    void findsAnOffsetByTimestampAndReadsFromTheEnd() throws Exception {
        kcat("a\nb\nc\n", "-P", "-t", "orders");

        assertThat(kcat("", "-C", "-t", "orders", "-o", "-1", "-e", "-q")).isEqualTo("c\n");
        assertThat(kcat("", "-Q", "-t", "orders:0:1")).contains("offset 0");
    }

    private String kcat(String input, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("kcat", "-b", broker.bootstrapServers()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
