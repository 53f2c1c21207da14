import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// What an application does with a broker, in the words that Kafka's Java clients have had from 0.11 on. It runs
/// against the client library on its class path, and prints a line for each part that held; it ends with an
/// exception at the first that did not.
///
/// Arguments: bootstrap servers, topic with three partitions and no records, codecs separated by commas, and settings
/// of the members of groups as `name=value`.
class ClientTour {
    static final int EACH = 300;
    static final long DEADLINE_MS = 60_000;

    static final Map<String, Object> memberSettings = new HashMap<>();

    static String servers;
    static String topic;

    public static void main(String[] arguments) throws Exception {
        servers = arguments[0];
        topic = arguments[1];
        for (int i = 3; i < arguments.length; i++) {
            String[] setting = arguments[i].split("=", 2);
            memberSettings.put(setting[0], setting[1]);
        }
        int sent = 0;
        for (String codec : arguments[2].split(",")) {
            sent += produce(codec, sent);
        }
        sent += produceLarge(sent);
        assign(sent);
        seek();
        byTime();
        outOfRange();
        group(sent);
        System.out.println("end");
    }

    static int produce(String codec, int first) throws Exception {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", servers);
        config.put("compression.type", codec);
        config.put("acks", "all");
        config.put("linger.ms", 5);
        List<Future<RecordMetadata>> answers = new ArrayList<>();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int i = first; i < first + EACH; i++) {
                // Every tenth is a tombstone; every record says which one it is in a header.
                String value = i % 10 == 0 ? null : "value-" + i;
                List<Header> headers = headers(i);
                answers.add(producer.send(new ProducerRecord<>(topic, i % 3, null, "key-" + i, value, headers)));
            }
            for (Future<RecordMetadata> answer : answers) {
                check(answer.get().offset() >= 0, "an offset is known");
            }
        }
        held("produced with " + codec);
        return EACH;
    }

    /// One record of 900,000 bytes in each partition: more than what a fetch of `tight()` asks for.
    static int produceLarge(int first) throws Exception {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", servers);
        char[] letters = new char[900_000];
        Arrays.fill(letters, 'x');
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int i = first; i < first + 3; i++) {
                List<Header> headers = headers(i);
                producer.send(new ProducerRecord<>(topic, i % 3, null, "key-" + i, new String(letters), headers))
                        .get();
            }
        }
        held("produced large records");
        return 3;
    }

    static List<Header> headers(int number) throws Exception {
        return Arrays.asList(
                new RecordHeader("number", String.valueOf(number).getBytes("UTF-8")),
                new RecordHeader("none", (byte[]) null));
    }

    static void assign(int sent) throws Exception {
        try (Consumer<String, String> consumer = consumer(tight())) {
            consumer.assign(partitions());
            consumer.seekToBeginning(partitions());
            Map<Integer, ConsumerRecord<String, String>> read = new TreeMap<>();
            readInto(consumer, read, sent);
            for (Map.Entry<Integer, ConsumerRecord<String, String>> entry : read.entrySet()) {
                int number = entry.getKey();
                ConsumerRecord<String, String> record = entry.getValue();
                check(record.key().equals("key-" + number), "the key of " + record);
                check(number % 3 == record.partition(), "the partition of " + record);
                boolean large = record.value() != null && record.value().length() == 900_000;
                String expected = number % 10 == 0 ? null : "value-" + number;
                check(large || (expected == null ? record.value() == null : expected.equals(record.value())), "value of "
                        + number);
                check(record.headers().lastHeader("none").value() == null, "the empty header of " + number);
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions());
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions());
            long all = 0;
            for (TopicPartition partition : partitions()) {
                check(beginnings.get(partition) == 0, "the beginning of " + partition);
                check(consumer.position(partition) == ends.get(partition), "the position in " + partition);
                all += ends.get(partition);
            }
            check(all == sent, "as many offsets as records");
        }
        held("read all by assignment");
    }

    static void seek() {
        try (Consumer<String, String> consumer = consumer(new HashMap<>())) {
            TopicPartition first = new TopicPartition(topic, 0);
            consumer.assign(Collections.singletonList(first));
            consumer.seek(first, 77);
            check(next(consumer).offset() == 77, "the record that was sought");
            consumer.seekToEnd(Collections.singletonList(first));
            long end = consumer.position(first);
            consumer.seek(first, end - 1);
            check(next(consumer).offset() == end - 1, "the last record");
        }
        held("sought");
    }

    static void byTime() {
        try (Consumer<String, String> consumer = consumer(new HashMap<>())) {
            TopicPartition first = new TopicPartition(topic, 0);
            consumer.assign(Collections.singletonList(first));
            consumer.seek(first, 0);
            ConsumerRecord<String, String> oldest = next(consumer);
            Map<TopicPartition, Long> times = new HashMap<>();
            times.put(first, oldest.timestamp());
            check(consumer.offsetsForTimes(times).get(first).offset() == 0, "the first offset by its time");
            times.put(first, System.currentTimeMillis() + 3_600_000);
            check(consumer.offsetsForTimes(times).get(first) == null, "no offset in the future");
        }
        held("found offsets by time");
    }

    static void outOfRange() {
        Map<String, Object> none = new HashMap<>();
        none.put("auto.offset.reset", "none");
        TopicPartition first = new TopicPartition(topic, 0);
        try (Consumer<String, String> consumer = consumer(none)) {
            consumer.assign(Collections.singletonList(first));
            consumer.seek(first, 1_000_000_000);
            try {
                next(consumer);
                throw new IllegalStateException("An offset out of range was read");
            } catch (OffsetOutOfRangeException e) {
                check(e.partitions().contains(first), "the partition that is out of range");
            }
        }
        Map<String, Object> earliest = new HashMap<>();
        earliest.put("auto.offset.reset", "earliest");
        try (Consumer<String, String> consumer = consumer(earliest)) {
            consumer.assign(Collections.singletonList(first));
            consumer.seek(first, 1_000_000_000);
            check(next(consumer).offset() == 0, "the earliest record after a reset");
        }
        held("was told when out of range");
    }

    /// Two members share the partitions and commit; a third, alone, goes on where they were.
    static void group(int sent) throws Exception {
        Map<String, Object> config = new HashMap<>(memberSettings);
        config.put("group.id", "tour-" + topic);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        CyclicBarrier bothHaveCommitted = new CyclicBarrier(2);
        Member one = new Member(config, bothHaveCommitted);
        Member two = new Member(config, bothHaveCommitted);
        long deadline = System.currentTimeMillis() + DEADLINE_MS;
        while (one.position == 0 || two.position == 0 || one.position + two.position != sent) {
            check(System.currentTimeMillis() < deadline, "both are assigned and read all; they are at "
                    + one.position + " and " + two.position + " of " + one.assigned + " and " + two.assigned);
            Thread.sleep(20);
        }
        one.ended = true;
        two.ended = true;
        one.end();
        two.end();
        Set<TopicPartition> both = new HashSet<>(one.assigned);
        both.addAll(two.assigned);
        check(both.equals(new HashSet<>(partitions())), "all partitions are assigned");
        check(both.size() == one.assigned.size() + two.assigned.size(), "none is assigned twice");
        Set<Integer> read = new HashSet<>(one.read.keySet());
        read.addAll(two.read.keySet());
        check(read.size() == sent, "both have read all");
        TopicPartition first = new TopicPartition(topic, 0);
        try (Consumer<String, String> three = consumer(config)) {
            OffsetAndMetadata committed = committed(three, first);
            check(committed.metadata().equals("of " + first), "the metadata of a committed offset");
            three.subscribe(Collections.singletonList(topic));
            produce("none", sent);
            Map<Integer, ConsumerRecord<String, String>> further = new TreeMap<>();
            readInto(three, further, EACH);
            check(!further.keySet().removeIf(number -> number < sent), "nothing is read again");
            check(three.assignment().equals(both), "one member has all partitions");
        }
        held("shared, committed and resumed as a group");
    }

    /// A member of a group, with a thread of its own: in older clients a poll lasts as long as a rebalance.
    static class Member extends Thread {
        final Map<Integer, ConsumerRecord<String, String>> read = new ConcurrentSkipListMap<>();
        final Map<String, Object> config;
        final CyclicBarrier bothHaveCommitted;
        volatile Set<TopicPartition> assigned = Collections.emptySet();
        // The sum over its partitions.
        volatile long position;
        volatile boolean ended;
        volatile Exception failure;

        Member(Map<String, Object> config, CyclicBarrier bothHaveCommitted) {
            this.config = config;
            this.bothHaveCommitted = bothHaveCommitted;
            start();
        }

        @Override
        public void run() {
            try (Consumer<String, String> consumer = consumer(config)) {
                consumer.subscribe(Collections.singletonList(topic));
                while (!ended) {
                    note(poll(consumer, 50), read);
                    assigned = new HashSet<>(consumer.assignment());
                    long sum = 0;
                    for (TopicPartition partition : assigned) {
                        sum += consumer.position(partition);
                    }
                    position = sum;
                }
                commit(consumer);
                // Who left earlier would have the other take over its partitions.
                bothHaveCommitted.await(DEADLINE_MS, TimeUnit.MILLISECONDS);
            } catch (Exception e) {
                failure = e;
            }
        }

        void end() throws Exception {
            join();
            if (failure != null) {
                throw failure;
            }
        }
    }

    static void commit(Consumer<String, String> consumer) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            offsets.put(partition, new OffsetAndMetadata(consumer.position(partition), "of " + partition));
        }
        consumer.commitSync(offsets);
    }

    static Map<String, Object> tight() {
        Map<String, Object> config = new HashMap<>();
        config.put("max.partition.fetch.bytes", 4096);
        config.put("fetch.max.bytes", 16384);
        return config;
    }

    static Consumer<String, String> consumer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", servers);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    static List<TopicPartition> partitions() {
        return Arrays.asList(
                new TopicPartition(topic, 0), new TopicPartition(topic, 1), new TopicPartition(topic, 2));
    }

    static void readInto(
            Consumer<String, String> consumer, Map<Integer, ConsumerRecord<String, String>> read, int count)
            throws Exception {
        long deadline = System.currentTimeMillis() + DEADLINE_MS;
        while (read.size() < count) {
            check(System.currentTimeMillis() < deadline, "all records are read; so far: " + read.size());
            note(poll(consumer, 500), read);
        }
        check(read.size() == count, "no more than all records are read");
    }

    static void note(ConsumerRecords<String, String> records, Map<Integer, ConsumerRecord<String, String>> read)
            throws Exception {
        for (ConsumerRecord<String, String> record : records) {
            int number = Integer.parseInt(new String(record.headers().lastHeader("number").value(), "UTF-8"));
            read.put(number, record);
        }
    }

    static ConsumerRecord<String, String> next(Consumer<String, String> consumer) {
        long deadline = System.currentTimeMillis() + DEADLINE_MS;
        while (true) {
            ConsumerRecords<String, String> records = poll(consumer, 500);
            if (!records.isEmpty()) {
                return records.iterator().next();
            }
            check(System.currentTimeMillis() < deadline, "a record comes");
        }
    }

    // Two methods have other signatures in other ages.

    @SuppressWarnings("unchecked")
    static ConsumerRecords<String, String> poll(Consumer<String, String> consumer, long ms) {
        Object records = has("poll", Duration.class)
                ? call(consumer, "poll", Duration.class, Duration.ofMillis(ms))
                : call(consumer, "poll", long.class, ms);
        return (ConsumerRecords<String, String>) records;
    }

    static OffsetAndMetadata committed(Consumer<String, String> consumer, TopicPartition partition) {
        return has("committed", Set.class)
                ? (OffsetAndMetadata) ((Map<?, ?>)
                                call(consumer, "committed", Set.class, Collections.singleton(partition)))
                        .get(partition)
                : (OffsetAndMetadata) call(consumer, "committed", TopicPartition.class, partition);
    }

    static boolean has(String method, Class<?> parameter) {
        try {
            return Consumer.class.getMethod(method, parameter) != null;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    static Object call(Consumer<String, String> consumer, String method, Class<?> parameter, Object argument) {
        try {
            return Consumer.class.getMethod(method, parameter).invoke(consumer, argument);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException) {
                throw (RuntimeException) e.getCause();
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("Does not hold: " + what);
        }
    }

    static void held(String what) {
        System.out.println("held: " + what);
    }
}
