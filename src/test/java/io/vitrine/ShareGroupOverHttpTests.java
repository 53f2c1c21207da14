package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What REST and the meters show of a share group at work.
class ShareGroupOverHttpTests {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path directory;

    @Test
    void showsWhoHoldsWhatAndHowItIsKept() throws Exception {
        var settings = Map.of("share.coordinator.state.topic.num.partitions", "1");
        try (var broker = RunningBroker.in(directory, settings);
                var web = WebSide.start(broker.broker());
                var member = new KafkaShareConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers", broker.bootstrapServers(),
                                "group.id", "workers",
                                "share.acknowledgement.mode", "explicit"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            broker.createTopic("jobs", 1);
            member.subscribe(List.of("jobs"));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                member.poll(Duration.ofMillis(50));
                return get(web, "/api/v1/share-groups/workers")
                                .at("/partitions/0/startOffset")
                                .asInt(-1)
                        == 0;
            });
            new GroupClients(broker).produce("jobs", 1, 3);
            var given = new ArrayList<ConsumerRecord<String, String>>();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                if (given.size() < 3) {
                    member.poll(Duration.ofMillis(50)).forEach(given::add);
                }
                return given.size() == 3;
            });
            member.acknowledge(given.get(1), AcknowledgeType.REJECT);
            member.commitSync();

            var partition = get(web, "/api/v1/share-groups/workers").at("/partitions/0");
            assertThat(partition.at("/topic").asString()).isEqualTo("jobs");
            assertThat(partition.at("/nextOffset").asInt()).isEqualTo(3);
            assertThat(partition
                            .at("/inFlight")
                            .valueStream()
                            .map(range -> range.at("/state").asString()))
                    .containsExactly("ACQUIRED", "ARCHIVED", "ACQUIRED");
            assertThat(partition.at("/inFlight/0/deliveryCount").asInt()).isEqualTo(1);
            assertThat(partition.at("/inFlight/0/member").asString()).isNotEmpty();
            assertThat(partition.at("/inFlight/0/lockedUntil").asLong()).isGreaterThan(System.currentTimeMillis());

            assertThat(get(web, "/api/v1/groups/workers").at("/links/delivery").asString())
                    .isEqualTo("/api/v1/share-groups/workers");
            assertThat(get(web, "/api/v1/share-groups/nobody").at("/errorName").asString())
                    .isEqualTo("GROUP_ID_NOT_FOUND");

            var kept = get(web, "/api/v1/topics/__share_group_state/partitions/0/records")
                    .at("/items");
            assertThat(kept.valueStream()
                            .map(record -> record.at("/key/data/groupId").asString()))
                    .isNotEmpty()
                    .containsOnly("workers");
            var last = kept.get(kept.size() - 1).at("/value");
            assertThat(last.at("/format").asString()).isEqualTo("share");
            assertThat(last.at("/data/stateBatches/0/firstOffset").asInt()).isEqualTo(1);

            assertThat(meter(web, "kafka.share.records.acquired")).isEqualTo(3);
            assertThat(meter(web, "kafka.share.records.acknowledged?tag=type:reject"))
                    .isEqualTo(1);
        }
    }

    private static int meter(ConfigurableApplicationContext web, String name) throws Exception {
        return get(web, "/actuator/metrics/" + name).at("/measurements/0/value").asInt();
    }

    private static JsonNode get(ConfigurableApplicationContext web, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + web.getEnvironment().getProperty("local.server.port") + path);
        try (var client = HttpClient.newHttpClient()) {
            return JSON.readTree(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body());
        }
    }
}
