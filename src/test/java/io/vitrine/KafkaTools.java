package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Kafka's own command line tools, in one process of their own: starting one for each call would take longer than all
/// they do.
final class KafkaTools implements AutoCloseable {
    /// Where the tools are, with the Kafka modules of their own version.
    static final String CLASS_PATH = Path.of("target", "kafka-tools", "*").toString();

    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;

    /// What a tool has printed, and how it ended.
    record Result(int status, String output) {
        /// Fails unless the tool ended well.
        Result requireSuccess() {
            assertThat(status).as(output).isZero();
            return this;
        }

        List<String> lines() {
            return output.lines().toList();
        }
    }

    KafkaTools() {
        var classPath = Stream.of(
                        Path.of("target", "kafka-tools", "*").toString(), System.getProperty("java.class.path"))
                .collect(Collectors.joining(System.getProperty("path.separator")));
        try {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-Dlogback.configurationFile=logback-tools.xml",
                            "-cp",
                            classPath,
                            ToolRunner.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException("The tools could not be started", e);
        }
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    /// Runs a tool to its end.
    ///
    /// @param tool its class
    Result run(String tool, String... arguments) {
        commands.println(Stream.concat(Stream.of(tool), Arrays.stream(arguments))
                .map(word -> Base64.getEncoder().encodeToString(word.getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.joining(" ")));
        try {
            var answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException("The tools ended with status " + process.waitFor() + " at " + tool);
            }
            var parts = answer.split(" ", 2);
            return new Result(
                    Integer.parseInt(parts[0]),
                    new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("The tools do not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
