package io.vitrine.observe;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.admin.RestServer;
import io.vitrine.inspect.SampleBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActuatorTests {
    @TempDir
    Path directory;

    @Test
    void actuatorTellsHowTheBrokerIs() throws Exception {
        try (var broker = new SampleBroker(directory);
                var rest = new RestServer(broker)) {
            broker.createTopic("orders", 1);
            broker.append("orders", Compression.NONE, record("k", "v"));

            var health = rest.get(200, "/actuator/health").get("components");
            assertThat(health.get("logDirs")
                            .get("details")
                            .get("offlinePartitions")
                            .intValue())
                    .isZero();
            assertThat(health.get("metadata").get("details").get("topics").intValue())
                    .isEqualTo(1);
            assertThat(rest.get(200, "/actuator/info")
                            .get("broker")
                            .get("listener")
                            .stringValue())
                    .isEqualTo("127.0.0.1:9092");
            assertThat(rest.get("/actuator/prometheus", "text/plain").body())
                    .contains(
                            "kafka_server_records_in_total{topic=\"orders\"} 1.0",
                            "kafka_server_batches_refused_total{reason=\"crc\"} 0.0",
                            "kafka_log_append_time_seconds_bucket{le=\"1.0E-4\"}",
                            "kafka_server_partitions 1.0",
                            "kafka_group_groups{protocol=\"consumer\",state=\"Stable\"} 0.0",
                            "kafka_group_rebalances_total{protocol=\"classic\"} 0.0",
                            "kafka_logdir_usable_bytes{dir=");
        }
    }

    @Test
    void anOfflinePartitionTakesHealthDownButNotLiveness() throws Exception {
        try (var broker = new SampleBroker(directory)) {
            broker.metadata().createTopic("broken", 1, Map.of());
            Files.createDirectories(directory.resolve("broken-0"));
            Files.writeString(directory.resolve("broken-0/partition.metadata"), "version: 1\n");
            broker.partitions().apply(broker.metadata().image());
            try (var rest = new RestServer(broker)) {
                var logDirs =
                        rest.get(503, "/actuator/health").get("components").get("logDirs");

                assertThat(logDirs.get("status").stringValue()).isEqualTo("DOWN");
                assertThat(logDirs.get("details")
                                .get("offlineReasons")
                                .get("broken-0")
                                .stringValue())
                        .contains("has no topic_id");
                assertThat(rest.get(200, "/actuator/health/liveness")
                                .get("status")
                                .stringValue())
                        .isEqualTo("UP");
            }
        }
    }
}
