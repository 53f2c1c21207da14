package io.vitrine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/// Apache Kafka 4.4.0 in a process of its own, with the `server.properties` that it comes with, but for ports and
/// directory.
final class KafkaProcess implements AutoCloseable {
    private static final Path JARS = Path.of("target", "kafka-broker");
    /// What it needs of this test's own class path.
    private static final Pattern SHARED = Pattern.compile(
            "(kafka|HdrHistogram|hash4j|jackson-annotations|jackson-core-2"
                    + "|jackson-databind-2|jopt-simple|lz4-java|metrics-core-2|pcollections|re2j|snappy-java|zstd-jni).*\\.jar");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path output;
    private final int port;

    private KafkaProcess(Process process, Path output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /// Formats `logDir` as Kafka's quick start does.
    static void format(Path work, Path logDir) throws Exception {
        var properties = properties(work, logDir, freePort(), Map.of());
        var output = work.resolve("format.txt");
        var process = run(
                output,
                List.of(),
                "kafka.tools.StorageTool",
                "format",
                "--standalone",
                "-t",
                "AAAAAAAAQACAAAAAAAAAAQ",
                "-c",
                properties.toString());
        if (ChildJvm.await(process) != 0) {
            throw new IllegalStateException(Files.readString(output));
        }
    }

    /// Starts a broker and controller on `logDir` and waits until it serves.
    ///
    /// @param more settings beside the ordinary ones
    static KafkaProcess start(Path work, Path logDir, Map<String, String> more) throws Exception {
        int port = freePort();
        var output = work.resolve("kafka-%d.txt".formatted(port));
        var properties = properties(work, logDir, port, more);
        var options = List.of("-Dlog4j2.level=INFO", "-Xmx400m");
        var started = new KafkaProcess(run(output, options, "kafka.Kafka", properties.toString()), output, port);
        try {
            started.awaitServing();
        } catch (Exception | AssertionError e) {
            started.close();
            throw new IllegalStateException("Kafka does not serve; it said:\n" + Files.readString(output), e);
        }
        return started;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /// Ends it in order, as its stop script does.
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("Kafka did not stop");
        }
    }

    /// Ends it at once, as `kill -9` does.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /// What it has logged.
    String output() throws IOException {
        return Files.readString(output);
    }

    private void awaitServing() throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            while (true) {
                if (!process.isAlive()) {
                    throw new IllegalStateException("Kafka has ended with status " + process.exitValue());
                }
                try {
                    admin.describeCluster().clusterId().get(2, TimeUnit.SECONDS);
                    return;
                } catch (TimeoutException e) {
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException("Kafka does not answer", e);
                    }
                }
            }
        }
    }

    private static Path properties(Path work, Path logDir, int port, Map<String, String> more) throws IOException {
        int controllerPort = freePort();
        var settings = new TreeMap<>(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "listeners", "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort),
                "advertised.listeners",
                        "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort),
                "controller.listener.names", "CONTROLLER",
                "controller.quorum.bootstrap.servers", "127.0.0.1:" + controllerPort,
                "log.dirs", logDir.toString(),
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1"));
        // So that the process stays small and quick.
        settings.putAll(Map.of(
                "log.cleaner.dedupe.buffer.size", "4000000",
                "offsets.topic.num.partitions", "3",
                "transaction.state.log.num.partitions", "3",
                "group.initial.rebalance.delay.ms", "0",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "share.coordinator.state.topic.num.partitions", "3"));
        settings.putAll(more);
        var file = work.resolve("server-%d.properties".formatted(port));
        Files.writeString(
                file,
                settings.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining("\n")));
        return file;
    }

    private static Process run(Path output, List<String> options, String mainClass, String... arguments)
            throws IOException {
        var classPath = Stream.concat(
                        Stream.of(JARS.resolve("*").toString()),
                        Stream.of(System.getProperty("java.class.path")
                                        .split(Pattern.quote(System.getProperty("path.separator"))))
                                .filter(entry -> SHARED.matcher(
                                                String.valueOf(Path.of(entry).getFileName()))
                                        .matches()))
                .collect(Collectors.joining(System.getProperty("path.separator")));
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
