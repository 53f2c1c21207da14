package io.vitrine;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// A program that copies the topic `input` to `output`, partition by partition, each record exactly once: what it has
/// read it commits in the transaction in which it writes. It aborts some of its transactions, to try them again, and
/// begins anew with other clients when one of them has failed. It ends when its own input does.
public final class TransactionalCopier {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final double ABORTED = 0.1;

    private final Map<String, Object> producing;
    private final Map<String, Object> consuming;
    private final Random random = new Random();
    private volatile boolean ended;

    private TransactionalCopier(String bootstrapServers, String transactionalId) {
        producing = Map.of(
                "bootstrap.servers", bootstrapServers,
                "transactional.id", transactionalId,
                "transaction.timeout.ms", "10000",
                "reconnect.backoff.max.ms", "100",
                "linger.ms", "0");
        consuming = Map.of(
                "bootstrap.servers", bootstrapServers,
                "group.id", "copiers",
                "session.timeout.ms", "2000",
                "heartbeat.interval.ms", "300",
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed",
                "reconnect.backoff.max.ms", "100",
                "max.poll.records", "10");
    }

    /// Copies until the input ends.
    ///
    /// @param arguments where the broker is, and the transactional id
    public static void main(String... arguments) throws IOException, InterruptedException {
        var copier = new TransactionalCopier(arguments[0], arguments[1]);
        var copying = Thread.ofPlatform().start(copier::run);
        while (System.in.read() >= 0) {
            // What comes in means nothing.
        }
        copier.ended = true;
        copying.join();
    }

    private void run() {
        while (!ended) {
            try (var producer = new KafkaProducer<>(producing, new StringSerializer(), new StringSerializer());
                    var consumer = new KafkaConsumer<>(consuming, new StringDeserializer(), new StringDeserializer())) {
                producer.initTransactions();
                consumer.subscribe(List.of("input"));
                while (!ended) {
                    copy(consumer, producer);
                }
            } catch (KafkaException e) {
                System.out.println("begins anew: " + e);
            }
        }
    }

    private void copy(KafkaConsumer<String, String> consumer, KafkaProducer<String, String> producer) {
        var records = consumer.poll(POLL);
        if (records.isEmpty()) {
            return;
        }
        producer.beginTransaction();
        records.forEach(record ->
                producer.send(new ProducerRecord<>("output", record.partition(), record.key(), record.value())));
        if (random.nextDouble() < ABORTED) {
            producer.flush();
            producer.abortTransaction();
            goBack(consumer, records);
            return;
        }
        producer.sendOffsetsToTransaction(next(records), consumer.groupMetadata());
        producer.commitTransaction();
    }

    private static void goBack(KafkaConsumer<String, String> consumer, ConsumerRecords<String, String> records) {
        records.partitions()
                .forEach(partition -> consumer.seek(
                        partition, records.records(partition).getFirst().offset()));
    }

    private static Map<TopicPartition, OffsetAndMetadata> next(ConsumerRecords<String, String> records) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        records.partitions()
                .forEach(partition -> offsets.put(
                        partition,
                        new OffsetAndMetadata(
                                records.records(partition).getLast().offset() + 1)));
        return offsets;
    }
}
