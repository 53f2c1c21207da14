package io.vitrine.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.vitrine.inspect.SampleBroker;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Records that come through pipes which are filled slowly.
class SlowPostTests {
    private static final int BODIES = 64;
    private static final String PATH = "/api/v1/topics/orders/records";

    @TempDir
    Path directory;

    @Test
    void whoWritesDoesNotWaitForPipesThatAreFilledSlowly() throws Exception {
        try (var broker = new SampleBroker(directory);
                var rest = new RestServer(broker)) {
            broker.createTopic("orders", 1);
            var pipes = new ArrayList<Socket>();
            for (int i = 0; i < BODIES - 1; i++) {
                pipes.add(pipe(rest));
            }

            assertThat(post(rest)).isEqualTo(201);

            pipes.add(pipe(rest));
            await().untilAsserted(() ->
                    assertThat(post(rest)).as("as many bodies as may be").isEqualTo(503));
            for (var pipe : pipes) {
                send(pipe, "ue\":\"slow too\"}\n");
                send(pipe, "");
            }
            for (var pipe : pipes) {
                try (pipe) {
                    var answer = new String(pipe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    assertThat(answer).startsWith("HTTP/1.1 201").contains("\"written\":2");
                }
            }
            assertThat(post(rest)).isEqualTo(201);
        }
    }

    /// One that has sent a line and the beginning of another.
    private static Socket pipe(RestServer rest) throws IOException {
        var socket = new Socket(rest.base().getHost(), rest.base().getPort());
        var head = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n".formatted(PATH)
                + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        send(socket, "{\"value\":\"slow\"}\n{\"val");
        return socket;
    }

    private static void send(Socket pipe, String chunk) throws IOException {
        var bytes = "%x\r\n%s\r\n".formatted(chunk.length(), chunk).getBytes(StandardCharsets.US_ASCII);
        pipe.getOutputStream().write(bytes);
    }

    private static int post(RestServer rest) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var record = HttpRequest.newBuilder(rest.base().resolve(PATH))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"value\":\"quick\"}"))
                    .build();
            return client.send(record, BodyHandlers.ofString()).statusCode();
        }
    }

    @Test
    void aRecordThatDoesNotComeToItsEndIsNotWaitedFor() {
        var turns = new WriterTurns(1, 1000, Duration.ofMillis(50));
        try (var taken = turns.take()) {
            await().untilAsserted(() -> assertThatExceptionOfType(WriterTurns.TooSlowException.class)
                    .isThrownBy(() -> taken.came(1)));

            taken.recordCame();

            assertThatCode(() -> taken.came(1)).doesNotThrowAnyException();
        }
    }

    @Test
    void whatIsNotWrittenYetTakesNoMoreThanThereIs() throws Exception {
        var turns = new WriterTurns(2, 100, Duration.ofMinutes(1));
        try (var first = turns.take();
                var second = turns.take()) {
            first.came(60);
            assertThatExceptionOfType(WriterTurns.NoRoomException.class).isThrownBy(() -> second.came(60));

            first.write(() -> {});

            second.came(60);
        }
        try (var third = turns.take()) {
            third.came(100);
        }
    }
}
