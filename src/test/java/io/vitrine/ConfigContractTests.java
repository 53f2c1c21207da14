package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.RecordedConversation.Exchange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What Apache Kafka 4.4.0 answered to requests about configs, word for word.
class ConfigContractTests {
    /// What both brokers are started with.
    private static final Map<String, String> SETTINGS = Map.of(
            "log.retention.hours", "24",
            "message.max.bytes", "2000000",
            "log.roll.ms", "3600000",
            "ssl.keystore.password", "secret",
            "log.flush.scheduler.interval.ms", "5000000",
            "node.id", "1",
            "my.own.thing", "5",
            "group.consumer.session.timeout.ms", "46000");

    @TempDir
    private static Path directory;

    private static RunningBroker broker;

    @BeforeAll
    static void start() {
        broker = RunningBroker.in(directory, SETTINGS);
        createTopics(broker);
    }

    private static void createTopics(RunningBroker of) {
        of.createTopic("plain", 1);
        of.createTopic(
                "own",
                1,
                Map.of("retention.ms", "1000000", "cleanup.policy", "compact,delete", "max.message.bytes", " 1000 "));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    static List<Exchange> changes() throws IOException {
        return RecordedConversation.read(Path.of("src/test/resources/wire/config-changes.txt"));
    }

    static List<Exchange> descriptions() throws IOException {
        return RecordedConversation.read(Path.of("src/test/resources/wire/config-descriptions.txt"));
    }

    @ParameterizedTest
    @MethodSource("descriptions")
    void describesAsApacheKafkaDoes(Exchange exchange) throws Exception {
        try (var client = new WireClient(broker.port())) {
            var answer = RecordedConversation.ask(client, exchange);

            assertThat(answer.toPrettyString()).isEqualTo(exchange.answer().toPrettyString());
        }
    }

    /// One after the other, as each builds on those before.
    @Test
    void changesAsApacheKafkaDoes() throws Exception {
        try (var own = RunningBroker.in(directory.resolve("changes"), SETTINGS);
                var client = new WireClient(own.port())) {
            createTopics(own);
            for (var exchange : changes()) {
                var answer = RecordedConversation.ask(client, exchange);

                assertThat(answer.toPrettyString())
                        .as(exchange.toString())
                        .isEqualTo(exchange.answer().toPrettyString());
            }
        }
    }
}
