package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vitrine.metadata.TopicPartition;
import io.vitrine.partition.Partition;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Configs that Kafka's own admin client changes take effect while the broker runs, and are there after a restart.
class ConfigAdminTests {
    private static final ConfigResource ORDERS = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
    private static final ConfigResource THIS_BROKER = new ConfigResource(ConfigResource.Type.BROKER, "1");
    private static final ConfigResource ALL_BROKERS = new ConfigResource(ConfigResource.Type.BROKER, "");
    private static final Map<String, String> SETTINGS = Map.of(
            "log.initial.task.delay.ms", "0",
            "log.retention.check.interval.ms", "50",
            "log.cleaner.backoff.ms", "50",
            "ssl.keystore.password", "secret");

    @TempDir
    Path directory;

    private RunningBroker broker;
    private Admin admin;

    @BeforeEach
    void start() {
        broker = RunningBroker.in(directory, SETTINGS);
        broker.createTopic("orders", 1);
        admin = admin();
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void aSmallerSegmentSizeHasTheLogRoll() throws Exception {
        produce("a", 300);
        alter(ORDERS, set("internal.segment.bytes", "500"));

        produce("b", 300);
        produce("c", 300);

        assertThat(orders().segments()).hasSizeGreaterThan(1);
    }

    @Test
    void aShorterRetentionHasOldSegmentsGo() throws Exception {
        alter(ORDERS, set("internal.segment.bytes", "500"));
        for (var key : List.of("a", "b", "c")) {
            produce(key, 300);
        }
        assertThat(orders().findOffsets().orElseThrow().logStartOffset()).isZero();

        alter(ORDERS, set("retention.bytes", "500"));

        await().untilAsserted(
                        () -> assertThat(orders().findOffsets().orElseThrow().logStartOffset())
                                .isPositive());
    }

    @Test
    void aTopicThatIsToBeCompactedIs() throws Exception {
        alter(
                ORDERS,
                set("internal.segment.bytes", "500"),
                set("cleanup.policy", "compact"),
                set("min.cleanable.dirty.ratio", "0.01"));
        produceSame(6);

        await().untilAsserted(() -> assertThat(orders().sizeInBytes()).isLessThan(4 * 300L));
    }

    /// A cleaner that rests for an hour, or is as good as stopped by its rate, goes on when it is told to.
    @ParameterizedTest
    @CsvSource({
        "log.cleaner.backoff.ms, 3600000, 50",
        "log.cleaner.io.max.bytes.per.second, 1, 10000000",
    })
    void theCleanerObeysAtOnce(String name, String slow, String quick) throws Exception {
        alter(ALL_BROKERS, set(name, slow));
        alter(ORDERS, set("internal.segment.bytes", "500"), set("min.cleanable.dirty.ratio", "0.01"));
        produceSame(2);
        alter(ORDERS, set("cleanup.policy", "compact"));
        await().until(() -> cleanerThreads() == 1);
        produceSame(6);

        alter(ALL_BROKERS, set(name, quick), set("log.cleaner.threads", "3"));

        await().untilAsserted(() -> assertThat(orders().sizeInBytes()).isLessThan(4 * 300L));
        assertThat(cleanerThreads()).isEqualTo(3);
        alter(ALL_BROKERS, set("log.cleaner.threads", "1"));
        await().until(() -> cleanerThreads() == 1);
    }

    @Test
    void whatIsTooLargeNowIsRefused() throws Exception {
        produce("a", 2000);
        alter(ORDERS, set("max.message.bytes", "1000"));

        assertThatThrownBy(() -> produce("a", 2000))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RecordTooLargeException.class);
    }

    @Test
    void noMoreConnectionsAreTakenThanMayBeNow() throws Exception {
        produce("a", 1);
        alter(ALL_BROKERS, set("max.connections", "1"));

        try (var socket = new Socket(InetAddress.getLoopbackAddress(), broker.port())) {
            assertThat(socket.getInputStream().read()).as("the end").isEqualTo(-1);
        }

        alter(ALL_BROKERS, set("max.connections", "100"));
        produce("a", 1);
    }

    @Test
    void theLayersOfABrokerConfigHoldInOrderAndSurviveARestart() throws Exception {
        alter(ALL_BROKERS, set("message.max.bytes", "1000"));
        assertThatThrownBy(() -> produce("a", 2000)).hasCauseInstanceOf(RecordTooLargeException.class);
        alter(THIS_BROKER, set("message.max.bytes", "5000"));
        produce("a", 2000);

        restart();

        produce("a", 2000);
        assertThat(described(ORDERS, "max.message.bytes").value()).isEqualTo("5000");
        alter(THIS_BROKER, new AlterConfigOp(new ConfigEntry("message.max.bytes", ""), OpType.DELETE));
        assertThatThrownBy(() -> produce("a", 2000)).hasCauseInstanceOf(RecordTooLargeException.class);
        alter(ALL_BROKERS, new AlterConfigOp(new ConfigEntry("message.max.bytes", ""), OpType.DELETE));
        produce("a", 2000);
    }

    @Test
    void whatIsOnlyLookedAtIsNotChanged() throws Exception {
        admin.incrementalAlterConfigs(
                        Map.of(ORDERS, List.of(set("retention.ms", "5"))), new AlterConfigsOptions().validateOnly(true))
                .all()
                .get();

        assertThat(described(ORDERS, "retention.ms").value()).isEqualTo("604800000");
    }

    @Test
    void whatCantBeHonouredIsRefusedAndNoted() {
        assertThatThrownBy(() -> alter(THIS_BROKER, set("num.io.threads", "3")))
                .hasCauseInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("This broker can't change these configs while it runs: [num.io.threads]");
        assertThat(broker.broker().refusals().latest(10))
                .anySatisfy(entry -> assertThat(entry.detail()).contains("num.io.threads"));
    }

    @Test
    void aPasswordIsNeverShown() throws Exception {
        var password = described(THIS_BROKER, "ssl.keystore.password");

        assertThat(password.value()).isNull();
        assertThat(password.isSensitive()).isTrue();
        assertThat(password.isReadOnly()).isTrue();
    }

    @Test
    void aLoggerSaysMoreUntilItIsReset() throws Exception {
        var loggers = new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "1");

        alter(loggers, set("io.vitrine", "DEBUG"));
        assertThat(described(loggers, "io.vitrine").value()).isEqualTo("DEBUG");
        alter(loggers, new AlterConfigOp(new ConfigEntry("io.vitrine", ""), OpType.DELETE));

        assertThat(described(loggers, "io.vitrine").value()).isEqualTo("INFO");
    }

    @Test
    void groupsThatHaveConfigsAreListed() throws Exception {
        var group = new ConfigResource(ConfigResource.Type.GROUP, "shipping");
        alter(group, set("consumer.session.timeout.ms", "50000"));

        var listed = admin.listConfigResources(Set.of(ConfigResource.Type.GROUP), new ListConfigResourcesOptions())
                .all()
                .get();

        assertThat(listed).containsExactly(group);
        assertThat(described(group, "consumer.session.timeout.ms").value()).isEqualTo("50000");
    }

    private void restart() {
        admin.close();
        broker.close();
        broker = RunningBroker.in(directory, SETTINGS);
        admin = admin();
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
    }

    private void alter(ConfigResource resource, AlterConfigOp... operations) throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = Map.of(resource, List.of(operations));
        admin.incrementalAlterConfigs(changes).all().get();
    }

    private ConfigEntry described(ConfigResource resource, String name) throws Exception {
        var configs = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return Objects.requireNonNull(Objects.requireNonNull(configs).get(name));
    }

    private static long cleanerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("log-cleaner-"))
                .count();
    }

    private void produceSame(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            produce("same", 300);
        }
    }

    private void produce(String key, int bytes) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", "0");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", key, "x".repeat(bytes)))
                    .get();
        }
    }

    private Partition orders() {
        return broker.broker()
                .partitions()
                .find(new TopicPartition("orders", 0))
                .orElseThrow();
    }
}
