package io.vitrine.admin;

import io.vitrine.fault.Faults;
import io.vitrine.group.GroupService;
import io.vitrine.group.GroupSettings;
import io.vitrine.handler.ApiVersionsHandler;
import io.vitrine.handler.FetchSessions;
import io.vitrine.handler.ProduceHandler;
import io.vitrine.inspect.BrokerEndpoints;
import io.vitrine.inspect.SampleBroker;
import io.vitrine.metadata.MetadataService;
import io.vitrine.partition.PartitionLogService;
import io.vitrine.partition.TransactionGate;
import io.vitrine.protocol.ApiTable;
import io.vitrine.protocol.Arrivals;
import io.vitrine.protocol.FetchCounters;
import io.vitrine.protocol.FetchSessionOverview;
import io.vitrine.protocol.ProduceCounters;
import io.vitrine.protocol.Purgatory;
import io.vitrine.protocol.RefusalJournal;
import io.vitrine.protocol.RequestCounters;
import io.vitrine.server.KafkaListener;
import io.vitrine.server.ListenerSettings;
import io.vitrine.server.RequestDispatcher;
import io.vitrine.share.SharePartitions;
import io.vitrine.tap.RecentExchanges;
import io.vitrine.timeline.GroupTimelines;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The web side alone, on a port that the system chooses, over the logs of a test.
public final class RestServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final ConfigurableApplicationContext context;
    private final RefusalJournal refusals = new RefusalJournal(100);
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI base;

    /// Found by nobody's component scan, as it carries no stereotype.
    @EnableAutoConfiguration
    @ComponentScan({"io.vitrine.admin", "io.vitrine.observe"})
    static class Application {}

    public RestServer(SampleBroker broker) {
        context = new SpringApplicationBuilder(Application.class)
                .properties(Map.of("server.port", 0, "server.address", "127.0.0.1"))
                .initializers(starting -> adopt((GenericApplicationContext) starting, broker))
                .run();
        base = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    URI base() {
        return base;
    }

    /// A part of the web side.
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public RefusalJournal refusals() {
        return refusals;
    }

    /// The answer to a GET, which has to be JSON with this status.
    public JsonNode get(int status, String path) throws IOException, InterruptedException {
        var answer = get(path, "application/json");
        if (answer.statusCode() != status) {
            throw new AssertionError("%d for %s: %s".formatted(answer.statusCode(), path, answer.body()));
        }
        return JSON.readTree(answer.body());
    }

    public HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        return client.send(request(path).header("Accept", accept).build(), BodyHandlers.ofString());
    }

    public HttpResponse<byte[]> getBytes(String path) throws IOException, InterruptedException {
        var request = request(path).header("Accept", "application/octet-stream").build();
        return client.send(request, BodyHandlers.ofByteArray());
    }

    /// The bytes that a GET with these headers gets.
    public HttpResponse<byte[]> getRange(String path, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = request(path);
        headers.forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    public HttpResponse<String> head(String path, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = request(path).HEAD();
        headers.forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    public HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return client.send(
                request(path)
                        .method(method, HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());
    }

    /// The answer to this request with a body.
    public HttpResponse<String> send(String method, String path, String type, byte[] body)
            throws IOException, InterruptedException {
        var request =
                request(path).header("Content-Type", type).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /// The answer to a POST, which has to be JSON with this status.
    public JsonNode post(int status, String path, String type, byte[] body) throws IOException, InterruptedException {
        var answer = send("POST", path, type, body);
        if (answer.statusCode() != status) {
            throw new AssertionError("%d for %s: %s".formatted(answer.statusCode(), path, answer.body()));
        }
        return JSON.readTree(answer.body());
    }

    /// The whole answer to a path that no sane client would send.
    public String getRaw(String path) throws IOException {
        return getRaw(path, "localhost");
    }

    /// The whole answer to a request that names this host.
    public String getRaw(String path, String host) throws IOException {
        return sendRaw("GET", path, host, "");
    }

    /// The whole answer to a request without a body.
    ///
    /// @param headers further ones, each with its end of line
    public String sendRaw(String method, String path, String host, String headers) throws IOException {
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            var request =
                    "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n".formatted(method, path, host, headers);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// Asks and hangs up after the first byte of the answer.
    public void leaveEarly(String path) throws IOException {
        leaveEarly(path, "*/*");
    }

    public void leaveEarly(String path, String accept) throws IOException {
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoLinger(true, 0);
            var request = "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n\r\n".formatted(path, accept);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            if (socket.getInputStream().read() < 0) {
                throw new IOException("no answer to " + path);
            }
        }
    }

    @Override
    public void close() {
        context.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path));
    }

    private void adopt(GenericApplicationContext starting, SampleBroker broker) {
        starting.registerBean(
                MetadataService.class, broker::metadata, definition -> definition.setDestroyMethodName(""));
        starting.registerBean(
                PartitionLogService.class, broker::partitions, definition -> definition.setDestroyMethodName(""));
        starting.registerBean(
                GroupService.class,
                () -> new GroupService(
                        broker.metadata(),
                        broker.partitions(),
                        new GroupSettings(Map.of(), true),
                        TransactionGate.CLOSED,
                        Runnable::run));
        starting.registerBean(
                GroupTimelines.class, () -> GroupTimelines.of(starting.getBean(GroupService.class), broker.metadata()));
        starting.registerBean(
                SharePartitions.class,
                () -> new SharePartitions(
                        broker.metadata(),
                        broker.partitions(),
                        starting.getBean(GroupService.class).shareStates(),
                        Runnable::run,
                        Clock.systemUTC()));
        starting.registerBean(RefusalJournal.class, () -> refusals);
        starting.registerBean(Arrivals.class, () -> new Arrivals(Clock.systemUTC()));
        starting.registerBean(Purgatory.class, Purgatory::new);
        starting.registerBean(FetchCounters.class, FetchCounters::new);
        starting.registerBean(ProduceCounters.class, ProduceCounters::new);
        starting.registerBean(
                FetchSessionOverview.class,
                () -> new FetchSessions(10, 1000, FetchSessions.KAFKA_PROTECTION, Clock.systemUTC(), new Random(1)));
        starting.registerBean(BrokerEndpoints.class, () -> BrokerEndpoints.of("127.0.0.1", 9092));
        adoptListener(starting, broker);
    }

    /// A listener with one API, opened when Spring asks for it.
    private void adoptListener(GenericApplicationContext starting, SampleBroker broker) {
        var apis = new ApiTable(List.of(new ProduceHandler(
                broker.metadata(), broker.partitions(), new ProduceCounters(), TransactionGate.CLOSED)));
        var apiVersions = new ApiVersionsHandler(apis, broker.metadata());
        apis.add(apiVersions);
        var requests = new RequestCounters(apis);
        var settings = new ListenerSettings(
                List.of(new ListenerSettings.Endpoint("PLAINTEXT", "127.0.0.1", 0)),
                1_000_000,
                100_000,
                1_000_000,
                1_000_000,
                10,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                1_000);
        starting.registerBean(ApiTable.class, () -> apis);
        starting.registerBean(RequestCounters.class, () -> requests);
        var exchanges = new RecentExchanges(Runtime.getRuntime().availableProcessors(), 1_000_000);
        starting.registerBean(RecentExchanges.class, () -> exchanges);
        starting.registerBean(
                KafkaListener.class,
                () -> new KafkaListener(
                        settings,
                        new RequestDispatcher(apis, apiVersions, refusals, new Faults(_ -> null, Clock.systemUTC())),
                        requests,
                        exchanges),
                definition -> definition.setInitMethodName("start"));
    }
}
