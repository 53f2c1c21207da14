package io.vitrine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitrine.RunningBroker;
import io.vitrine.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What administers and describes the cluster is answered as Apache Kafka answers it, codes and messages, in the order
/// of the file: some of the requests change something.
class ClusterConversationTests {
    private static final Path RECORDED = Path.of("src", "test", "resources", "wire", "cluster-conversation.txt");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .build();

    /// What is another one in every directory, at every time or on every machine.
    private static final Set<String> MASKED = Set.of(
            "clusterId",
            "topicId",
            "replicaDirectoryId",
            "port",
            "listeners",
            "partitionSize",
            "totalBytes",
            "usableBytes",
            "highWatermark",
            "logEndOffset",
            "lastFetchTimestamp",
            "lastCaughtUpTimestamp");

    @TempDir
    private static Path directory;

    private static RunningBroker broker;

    /// A question and the answer of Apache Kafka.
    record Exchange(ApiKeys api, short version, String request, String answer) {
        @Override
        public String toString() {
            return "%s %d %s".formatted(api, version, request);
        }
    }

    @BeforeAll
    static void start() {
        broker = RunningBroker.in(directory, Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:21300"));
        broker.createTopic("orders", 3);
        broker.createTopic("peach", 1);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    static Stream<Exchange> recorded() throws IOException {
        var lines = Files.readAllLines(RECORDED);
        var exchanges = new ArrayList<Exchange>();
        for (int i = 0; i < lines.size() - 1; i++) {
            if (lines.get(i).startsWith("> ")) {
                var parts = lines.get(i).split(" ", 4);
                exchanges.add(new Exchange(
                        ApiKeys.valueOf(parts[1]),
                        Short.parseShort(parts[2]),
                        parts[3],
                        lines.get(i + 1).substring(2)));
            }
        }
        return exchanges.stream();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void isAnsweredAsApacheKafkaDoes(Exchange exchange) throws Exception {
        var request =
                read(exchange.api().messageType.newRequest(), JSON.readTree(placed(exchange.request())), exchange);

        JsonNode answer;
        try (var client = new WireClient(broker.port())) {
            answer = write(client.call(exchange.api(), exchange.version(), request), exchange.version());
        }

        assertThat(canonical(answer).toString())
                .isEqualTo(canonical(JSON.readTree(placed(exchange.answer()))).toString());
    }

    private static String placed(String text) {
        return text.replace("${data}", directory.toString());
    }

    private static ApiMessage read(ApiMessage kind, JsonNode json, Exchange exchange) throws Exception {
        return (ApiMessage)
                converter(kind).getMethod("read", JsonNode.class, short.class).invoke(null, json, exchange.version());
    }

    private static JsonNode write(ApiMessage answer, short version) throws Exception {
        return (JsonNode) converter(answer)
                .getMethod("write", answer.getClass(), short.class)
                .invoke(null, answer, version);
    }

    private static Class<?> converter(ApiMessage message) throws ClassNotFoundException {
        return Class.forName(message.getClass().getName() + "JsonConverter");
    }

    /// Masked and sorted.
    private static JsonNode canonical(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                var masked = JSON.createObjectNode();
                object.properties()
                        .forEach(field -> masked.set(
                                field.getKey(),
                                isMasked(field) ? JSON.getNodeFactory().textNode("*") : canonical(field.getValue())));
                yield masked;
            }
            case ArrayNode array -> {
                List<JsonNode> elements = StreamSupport.stream(array.spliterator(), false)
                        .map(ClusterConversationTests::canonical)
                        .sorted(Comparator.comparing(JsonNode::toString))
                        .toList();
                yield JSON.createArrayNode().addAll(elements);
            }
            default -> node;
        };
    }

    /// Nothing is masked where it says that there is nothing.
    private static boolean isMasked(Map.Entry<String, JsonNode> field) {
        var value = field.getValue();
        boolean isEmpty = value.isNull()
                || (value.isTextual()
                        && (value.asText().isEmpty() || value.asText().equals("AAAAAAAAAAAAAAAAAAAAAA")))
                || (value.isNumber() && value.asLong() <= 0 && !field.getKey().equals("partitionSize"));
        return MASKED.contains(field.getKey()) && !isEmpty;
    }
}
