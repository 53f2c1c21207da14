package io.vitrine;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/// Requests and the answers to them, as lines of JSON in a file:
/// ```
///   # a remark
///   > DESCRIBE_CONFIGS 4 {"resources":[…],…}
///   < {"results":[…],…}
/// ```
/// `RecordedConversation <port> <file>` asks the broker there, which may be Apache Kafka, everything in the file anew
/// and puts its answers into it.
final class RecordedConversation {
    /// Names of fields may stand without quotes.
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES.mappedFeature(), true);

    private RecordedConversation() {}

    /// A request, and what the file says is the answer.
    record Exchange(ApiKeys api, short version, JsonNode request, JsonNode answer) {
        @Override
        public String toString() {
            return "%s %d %s".formatted(api, version, request);
        }
    }

    public static void main(String... arguments) throws Exception {
        var file = Path.of(arguments[1]);
        var lines = new ArrayList<String>();
        try (var client = new WireClient(Integer.parseInt(arguments[0]))) {
            for (var line : Files.readAllLines(file)) {
                if (!line.startsWith("<")) {
                    lines.add(line);
                }
                if (line.startsWith(">")) {
                    lines.add("< " + ask(client, parse(line, JSON.nullNode())));
                    // What Kafka's controller has written its broker only shows a moment later.
                    Thread.sleep(line.contains("ALTER_CONFIGS") ? 1000 : 0);
                }
            }
        }
        Files.write(file, lines);
    }

    static List<Exchange> read(Path file) throws IOException {
        var exchanges = new ArrayList<Exchange>();
        var request = "";
        for (var line : Files.readAllLines(file)) {
            if (line.startsWith(">")) {
                request = line;
            } else if (line.startsWith("<")) {
                exchanges.add(parse(request, sorted(JSON.readTree(line.substring(1)))));
            }
        }
        return exchanges;
    }

    /// What a broker answers to the request, with the configs in it sorted by name: Kafka has them in no order.
    static JsonNode ask(WireClient client, Exchange exchange) throws Exception {
        var api = exchange.api();
        short version = exchange.version();
        var request = (ApiMessage) converter(api.messageType.newRequest().getClass())
                .getMethod("read", JsonNode.class, short.class)
                .invoke(null, exchange.request(), version);
        var answer = client.call(api, version, request);
        return sorted((JsonNode) converter(answer.getClass())
                .getMethod("write", answer.getClass(), short.class)
                .invoke(null, answer, version));
    }

    private static Exchange parse(String line, JsonNode answer) throws IOException {
        var words = line.split(" ", 4);
        return new Exchange(ApiKeys.valueOf(words[1]), Short.parseShort(words[2]), JSON.readTree(words[3]), answer);
    }

    private static Class<?> converter(Class<?> message) throws ClassNotFoundException {
        return Class.forName(message.getName() + "JsonConverter");
    }

    private static JsonNode sorted(JsonNode node) {
        for (var child : node) {
            sorted(child);
        }
        for (var name : List.of("configs", "configResources")) {
            if (node instanceof ObjectNode object && object.get(name) instanceof ArrayNode configs) {
                var byName = StreamSupport.stream(configs.spliterator(), false)
                        .sorted(Comparator.comparing(JsonNode::toString))
                        .toList();
                configs.removeAll();
                configs.addAll(byName);
            }
        }
        return node;
    }
}
