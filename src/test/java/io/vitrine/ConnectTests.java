package io.vitrine;

import static io.vitrine.GroupClients.QUICK_GROUPS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka Connect, standalone: what is written to one file goes through a topic and arrives in another.
class ConnectTests {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int STOPPED_BY_A_SIGNAL = 143;

    @TempDir
    Path directory;

    @TempDir
    Path work;

    private final List<String> written = new ArrayList<>();
    private final List<Process> workers = new ArrayList<>();

    @AfterEach
    void leaveNoWorkerBehind() {
        workers.forEach(Process::destroyForcibly);
    }

    @Test
    void everyLineArrivesOnceThoughTheWorkerWasRestartedAndTheBrokerKilled() throws Exception {
        try (var broker = new ChildBroker(directory, work.resolve("broker.log"), QUICK_GROUPS)) {
            write("one", "two", "three");
            var first = startWorker(broker);
            awaitArrival();
            write("four");
            awaitArrival();

            stop(first);
            assertThat(committed(broker)).isEqualTo(4);
            write("while the worker is away");
            var second = startWorker(broker);
            awaitArrival();

            broker.kill();
            write("while the broker is away", "the end");
            broker.start();
            awaitArrival();

            stop(second);
            assertThat(arrived()).isEqualTo(written);
            assertThat(committed(broker)).isEqualTo(written.size());
        }
    }

    private void write(String... lines) throws IOException {
        written.addAll(List.of(lines));
        Files.write(work.resolve("in.txt"), List.of(lines), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void awaitArrival() {
        await().atMost(SOON).until(() -> arrived().equals(written));
    }

    private List<String> arrived() throws IOException {
        var file = work.resolve("out.txt");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /// The lines that the sink has behind it, of all partitions of the topic.
    private static long committed(ChildBroker broker) {
        return new GroupClients(broker.bootstrapServers())
                .committed("connect-lines-out").values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
    }

    private Process startWorker(ChildBroker broker) throws IOException {
        var worker = settings(
                "worker",
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "key.converter", "org.apache.kafka.connect.storage.StringConverter",
                        "value.converter", "org.apache.kafka.connect.storage.StringConverter",
                        "offset.storage.file.filename", work.resolve("offsets").toString(),
                        // What it has read and written is only noted when it is told to end.
                        "offset.flush.interval.ms", "3600000",
                        "listeners", "http://127.0.0.1:0",
                        "plugin.discovery", "service_load"));
        var source = settings(
                "source",
                Map.of(
                        "name", "lines-in",
                        "connector.class", "org.apache.kafka.connect.file.FileStreamSourceConnector",
                        "tasks.max", "1",
                        "file", work.resolve("in.txt").toString(),
                        "topic", "connected"));
        var sink = settings(
                "sink",
                Map.of(
                        "name", "lines-out",
                        "connector.class", "org.apache.kafka.connect.file.FileStreamSinkConnector",
                        "tasks.max", "1",
                        "file", work.resolve("out.txt").toString(),
                        "topics", "connected"));
        var process = ChildJvm.startAlone(
                work.resolve("worker-%d.log".formatted(workers.size())),
                Path.of("target", "kafka-connect", "*").toString(),
                "org.apache.kafka.connect.cli.ConnectStandalone",
                worker,
                source,
                sink);
        workers.add(process);
        return process;
    }

    private String settings(String name, Map<String, String> settings) throws IOException {
        return Files.writeString(
                        work.resolve(name + ".properties"),
                        settings.entrySet().stream()
                                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                                .collect(Collectors.joining()))
                .toString();
    }

    /// Lets it finish and note how far it has come.
    private static void stop(Process worker) throws InterruptedException {
        worker.destroy();
        assertThat(ChildJvm.await(worker)).isEqualTo(STOPPED_BY_A_SIGNAL);
    }
}
