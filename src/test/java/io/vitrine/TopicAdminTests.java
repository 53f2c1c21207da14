package io.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vitrine.metadata.TopicPartition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of topics as Kafka's own admin client sees it.
class TopicAdminTests {
    private static final Duration WAIT = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private RunningBroker broker;
    private Admin admin;

    @BeforeEach
    void start() {
        broker = RunningBroker.in(directory, Map.of("auto.create.topics.enable", "false", "num.partitions", "3"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void aTopicCanBeWrittenAsSoonAsItIsCreated() throws Exception {
        var created = admin.createTopics(List.of(new NewTopic("orders", Optional.of(2), Optional.empty())));

        assertThat(get(created.numPartitions("orders"))).isEqualTo(2);
        assertThat(get(created.replicationFactor("orders"))).isEqualTo(1);
        assertThat(get(created.topicId("orders"))).isEqualTo(describe("orders").topicId());
        assertThat(produce("orders", 1)).isZero();
    }

    @Test
    void theBrokerChoosesWhatIsNotAsked() throws Exception {
        admin.createTopics(List.of(new NewTopic("orders", Optional.empty(), Optional.empty())))
                .all()
                .get();

        assertThat(describe("orders").partitions()).hasSize(3);
    }

    @Test
    void validatingCreatesNothing() throws Exception {
        var options = new CreateTopicsOptions().validateOnly(true);
        admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1)), options)
                .all()
                .get();

        assertThat(get(admin.listTopics().names())).isEmpty();
    }

    @Test
    void wishesAreGrantedBesideOthersThatAreRefused() {
        var results = admin.createTopics(List.of(
                        new NewTopic("orders", 1, (short) 1),
                        new NewTopic("payments", 1, (short) 3),
                        new NewTopic("refunds", Map.of(0, List.of(1), 1, List.of(1)))))
                .values();

        assertThat(results.get("orders")).succeedsWithin(WAIT);
        assertThat(results.get("refunds")).succeedsWithin(WAIT);
        assertThatThrownBy(() -> get(Objects.requireNonNull(results.get("payments"))))
                .isInstanceOf(InvalidReplicationFactorException.class);
        assertThat(broker.broker().refusals().latest(10).toString()).contains("payments", "INVALID_REPLICATION_FACTOR");
    }

    @Test
    void whatIsDeletedByNameIsGoneAtOnceAndItsFilesAfterADelay() throws Exception {
        create("orders", Map.of("file.delete.delay.ms", "0"));
        produce("orders", 0);

        admin.deleteTopics(List.of("orders")).all().get();

        assertThat(broker.broker().partitions().find(new TopicPartition("orders", 0)))
                .isEmpty();
        assertThatThrownBy(() -> get(admin.deleteTopics(List.of("orders")).all()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
        await().untilAsserted(() -> assertThat(namesOf("orders")).isEmpty());
    }

    @Test
    void whatIsDeletedByIdIsGone() throws Exception {
        create("orders", Map.of());
        var id = describe("orders").topicId();

        admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all().get();

        assertThatThrownBy(() -> get(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id)))
                        .all()))
                .isInstanceOf(UnknownTopicIdException.class);
        assertThatThrownBy(() -> get(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(Uuid.randomUuid())))
                        .all()))
                .isInstanceOf(UnknownTopicIdException.class);
    }

    @Test
    void aTopicThatIsMadeAgainIsAnotherOne() throws Exception {
        create("orders", Map.of());
        var former = describe("orders").topicId();
        produce("orders", 0);
        produce("orders", 0);

        admin.deleteTopics(List.of("orders")).all().get();
        create("orders", Map.of());

        assertThat(describe("orders").topicId()).isNotEqualTo(former);
        assertThat(produce("orders", 0)).isZero();
        assertThat(Files.readString(directory.resolve("orders-0/partition.metadata")))
                .contains(describe("orders").topicId().toString());
        assertThatThrownBy(() -> create("orders", Map.of())).isInstanceOf(TopicExistsException.class);
    }

    @Test
    void morePartitionsCanBeWrittenAtOnceAndNoneAreTakenAway() throws Exception {
        create("orders", Map.of());

        admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(4)))
                .all()
                .get();

        assertThat(describe("orders").partitions()).hasSize(4);
        assertThat(produce("orders", 3)).isZero();
        assertThatThrownBy(() -> get(admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(2)))
                        .all()))
                .isInstanceOf(InvalidPartitionsException.class)
                .hasMessageContaining("would not be an increase");
    }

    @Test
    void whatWasMadeAndDeletedOutlivesTheBroker() throws Exception {
        create("orders", Map.of());
        create("payments", Map.of());
        admin.deleteTopics(List.of("orders")).all().get();
        admin.createPartitions(Map.of("payments", NewPartitions.increaseTo(2)))
                .all()
                .get();

        stop();
        start();

        assertThat(get(admin.listTopics().names())).containsExactly("payments");
        assertThat(describe("payments").partitions()).hasSize(2);
        assertThat(produce("payments", 1)).isZero();
    }

    private void create(String topic, Map<String, String> configs) throws Exception {
        get(admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(configs)))
                .all());
    }

    private TopicDescription describe(String topic) throws Exception {
        return Objects.requireNonNull(
                get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic));
    }

    private List<String> namesOf(String topic) throws Exception {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith(topic))
                    .toList();
        }
    }

    private long produce(String topic, int partition) throws Exception {
        var settings = new HashMap<String, Object>();
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            return producer.send(new ProducerRecord<>(topic, partition, "key", "value"))
                    .get()
                    .offset();
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }
}
