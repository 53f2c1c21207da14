package io.vitrine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Kafka's own clients that stay while the page is looked at: a group that reads and one that has left, a transaction
/// that is open, and requests that are refused.
final class PageGuests implements AutoCloseable {
    /// What the groups and the transaction are called.
    static final String READING = "billing";

    static final String GONE = "nightly/eu";
    static final String TRANSACTION = "till-9";
    static final String IDLE = "till-idle";
    static final String HOSTILE = "<img src=x onerror=alert(1)>";

    private static final int AT_FIRST = 40;

    private final String servers;
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final CountDownLatch joined = new CountDownLatch(1);
    private final List<Thread> readers = new ArrayList<>();
    private final KafkaProducer<String, String> producer;
    private final KafkaProducer<String, String> till;
    private final KafkaProducer<String, String> idle;

    PageGuests(String servers) {
        this.servers = servers;
        this.producer = producer(Map.of("client.id", "shop"));
        this.till = producer(Map.of("transactional.id", TRANSACTION, "transaction.timeout.ms", 600_000));
        this.idle = producer(Map.of("client.id", "producer-" + IDLE, "reconnect.backoff.ms", 600_000));
    }

    /// Visits a running broker from outside until its input ends: `PageGuests 127.0.0.1:9092`.
    public static void main(String[] arguments) throws Exception {
        try (var guests = new PageGuests(arguments[0])) {
            guests.arrive();
            for (int i = AT_FIRST; System.in.available() == 0; i++) {
                guests.order(i);
                TimeUnit.MILLISECONDS.sleep(250);
            }
        }
    }

    void arrive() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(
                            new NewTopic("orders", 3, (short) 1),
                            new NewTopic("payments", 1, (short) 1),
                            new NewTopic("crowd", 1, (short) 1),
                            new NewTopic("tapped", 1, (short) 1),
                            new NewTopic("labels", 1, (short) 1).configs(Map.of("max.message.bytes", "200"))))
                    .all()
                    .get();
        }
        for (int i = 0; i < AT_FIRST; i++) {
            order(i);
        }
        idle.partitionsFor("orders");
        readOnce();
        openTransaction();
        beRefused();
        var reader = Thread.ofPlatform().daemon().name("page-guest").start(this::read);
        readers.add(reader);
        if (!joined.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The group has not come");
        }
    }

    /// Writes one order.
    void order(int id) throws Exception {
        var order = new ProducerRecord<>(
                "orders",
                id % 3,
                "customer-" + id % 7,
                "{\"id\":%d,\"item\":\"%s\",\"price\":%d.50}"
                        .formatted(id, List.of("kiwi", "apple", "plum").get(id % 3), 3 + id % 5));
        order.headers().add("source", "page".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        producer.send(order).get();
    }

    /// Writes a record of one's own.
    void write(String topic, String key, String value) throws Exception {
        producer.send(new ProducerRecord<>(topic, 0, key, value)).get();
    }

    /// Writes so many records at once.
    void crowd(String topic, int count) {
        for (int i = 0; i < count; i++) {
            producer.send(new ProducerRecord<>(topic, 0, null, "number " + i));
        }
        producer.flush();
    }

    private void openTransaction() throws Exception {
        till.initTransactions();
        till.beginTransaction();
        till.send(new ProducerRecord<>("payments", 0, "a", "{\"amount\":12}")).get();
        till.commitTransaction();
        till.beginTransaction();
        till.send(new ProducerRecord<>("payments", 0, "b", "{\"amount\":13}")).get();
    }

    private void beRefused() throws Exception {
        try {
            write("labels", "large", "x".repeat(1_000));
            throw new IllegalStateException("A record that is too large was taken");
        } catch (ExecutionException expected) {
            // The broker shows it from now on.
        }
        try (var odd = producer(Map.of("client.id", HOSTILE))) {
            odd.send(new ProducerRecord<>("labels", 0, "large", "y".repeat(1_000)))
                    .get();
            throw new IllegalStateException("A record that is too large was taken");
        } catch (ExecutionException expected) {
            // The broker shows it from now on.
        }
    }

    /// A group that has read half and left.
    private void readOnce() {
        try (var consumer = consumer(GONE, Map.of("max.poll.records", 20))) {
            consumer.subscribe(List.of("orders"));
            while (consumer.poll(Duration.ofMillis(500)).isEmpty()) {
                // Not yet a member.
            }
            consumer.commitSync();
        }
    }

    /// A group that has read what there was when it came, and not fetched since then.
    private void read() {
        try (var consumer = consumer(READING, Map.of("group.protocol", "consumer", "client.id", "billing-1"))) {
            consumer.subscribe(List.of("orders"));
            for (int read = 0; read < AT_FIRST && !leaving.get(); ) {
                int count = consumer.poll(Duration.ofMillis(200)).count();
                read += count;
                if (count > 0) {
                    joined.countDown();
                }
            }
            consumer.commitSync();
            consumer.pause(consumer.assignment());
            while (!leaving.get()) {
                consumer.poll(Duration.ofMillis(200));
            }
        }
    }

    private KafkaConsumer<String, String> consumer(String group, Map<String, Object> more) {
        var settings = new HashMap<String, Object>(Map.of(
                "bootstrap.servers",
                servers,
                "group.id",
                group,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false));
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private KafkaProducer<String, String> producer(Map<String, Object> more) {
        var settings = new HashMap<String, Object>(Map.of("bootstrap.servers", servers, "linger.ms", 0));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static void awaitEnd(Thread reader) {
        try {
            reader.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        leaving.set(true);
        for (var reader : readers) {
            awaitEnd(reader);
        }
        idle.close(Duration.ofSeconds(5));
        producer.close(Duration.ofSeconds(5));
        till.close(Duration.ofSeconds(5));
    }
}
