package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients of several ages and languages: each produces, reads by assignment and in groups, and resumes, in a process
/// of its own (`src/test/clients`). Apache Kafka 4.4 passes the same tours.
class ClientAgesTests {
    private static final String PYTHON = "/usr/bin/python3";

    private static final String CODECS = "none,gzip,snappy,lz4,zstd";

    @TempDir
    static Path directory;

    private static RunningBroker broker;

    @BeforeAll
    static void start() {
        broker = RunningBroker.in(directory, Map.of("group.initial.rebalance.delay.ms", "0"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.11.0.3", "1.1.1", "2.8.2", "3.9.1"})
    void aJavaClientOfThisAgeFeelsAtHome(String age) throws Exception {
        var knowsZstd = age.charAt(0) >= '2';

        var output = tour("target/clients/" + age + "/*", "java-" + age, knowsZstd ? CODECS : "none,gzip,snappy,lz4");

        assertThat(output).endsWith("held: shared, committed and resumed as a group", "end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void todaysJavaClientFeelsAtHomeWithEitherGroupProtocol(String protocol) throws Exception {
        var output =
                tour(System.getProperty("java.class.path"), "today-" + protocol, CODECS, "group.protocol=" + protocol);

        assertThat(output).endsWith("held: shared, committed and resumed as a group", "end");
    }

    @Test
    void kafkajsFeelsAtHome() throws Exception {
        var modules = nodeModules();
        broker.createTopic("node", 3);

        var output = kafkajs(modules, "tour", "node");

        assertThat(output).endsWith("held: described and deleted the group", "end");
    }

    @Test
    void kafkajsCommitsAndAbortsTransactions() throws Exception {
        var modules = nodeModules();
        broker.createTopic("node-transactions", 3);

        var output = kafkajs(modules, "transactions", "node-transactions");

        assertThat(output)
                .containsSubsequence(
                        "held: committed, aborted and committed with offsets",
                        "held: read what is committed",
                        "held: committed the offset",
                        "held: fenced the older instance",
                        "end");
    }

    @Test
    void kafkajsAdministersTheCluster() throws Exception {
        var modules = nodeModules();

        var output = kafkajs(modules, "admin");

        assertThat(output)
                .containsExactly(
                        "held: described the cluster",
                        "held: created a topic",
                        "held: altered configs",
                        "held: deleted records",
                        "held: grew and deleted the topic",
                        "end");
    }

    @Test
    void kafkaPythonFeelsAtHome() throws Exception {
        requirePython("kafka-python", "import kafka");

        var output = run(new ProcessBuilder(PYTHON, "src/test/clients/python-tour.py", broker.bootstrapServers()));

        assertThat(output)
                .containsExactly(
                        "held: created, grew and configured a topic",
                        "held: produced plain and compressed",
                        "held: read as a group, and resumed",
                        "held: deleted the group and the topic",
                        "end");
    }

    @Test
    void librdkafkaCommitsAndAbortsTransactions() throws Exception {
        // It comes with kcat.
        requirePython("librdkafka", "import ctypes; ctypes.CDLL('librdkafka.so.1')");
        broker.createTopic("librdkafka-transactions", 1);

        var output = run(new ProcessBuilder(
                PYTHON,
                "src/test/clients/librdkafka-transactions.py",
                broker.bootstrapServers(),
                "librdkafka-transactions"));

        assertThat(output)
                .containsSubsequence(
                        "held: committed and aborted",
                        "held: read what is committed",
                        "held: fenced the older instance",
                        "end");
    }

    private static void requirePython(String what, String program) throws Exception {
        boolean installed = Files.isExecutable(Path.of(PYTHON))
                && new ProcessBuilder(PYTHON, "-c", program)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
        if (!installed) {
            System.out.printf("Skipping %s: it is not installed for %s%n", what, PYTHON);
        }
        assumeTrue(installed, what + " is not installed");
    }

    private static Path nodeModules() throws InterruptedException {
        var modules = globalNodeModules();
        var installed = Files.isDirectory(modules.resolve("kafkajs"));
        if (!installed) {
            System.out.println("Skipping kafkajs: npm has not installed it globally");
        }
        assumeTrue(installed, "kafkajs is not installed");
        return modules;
    }

    private static List<String> kafkajs(Path modules, String program, String... arguments) throws Exception {
        var command = new ArrayList<>(
                List.of("node", "src/test/clients/kafkajs-%s.cjs".formatted(program), broker.bootstrapServers()));
        command.addAll(List.of(arguments));
        var node = new ProcessBuilder(command);
        node.environment().put("NODE_PATH", modules.toString());
        return run(node);
    }

    private static Path globalNodeModules() throws InterruptedException {
        try {
            var npm = new ProcessBuilder("npm", "root", "--global")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var printed = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Path.of(npm.waitFor() == 0 ? printed.strip() : "no-npm");
        } catch (IOException e) {
            return Path.of("no-npm");
        }
    }

    private static List<String> tour(String classPath, String topic, String codecs, String... memberSettings)
            throws Exception {
        broker.createTopic(topic, 3);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                classPath,
                "src/test/clients/ClientTour.java",
                broker.bootstrapServers(),
                topic,
                codecs));
        command.addAll(List.of(memberSettings));
        return run(new ProcessBuilder(command));
    }

    /// What the program prints; fails with it unless the program ends well.
    private static List<String> run(ProcessBuilder program) throws IOException, InterruptedException {
        var output = directory.resolve("tour.out");
        var process = program.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(3, TimeUnit.MINUTES);
        process.destroyForcibly();
        var printed = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as(printed).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed.lines().toList();
    }
}
