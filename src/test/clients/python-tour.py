# What a Python application does with a broker, through kafka-python. Prints a line for each part that held.
# Argument: bootstrap server.
import sys
import time

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewPartitions, NewTopic
from kafka.errors import TopicAlreadyExistsError

SERVER = sys.argv[1]
TOPIC = "python"
COUNT = 60


def check(holds, what):
    if not holds:
        sys.exit(f"Does not hold: {what}")


def await_that(holds, what):
    """On a cluster, brokers hear of a change a moment after it is answered."""
    deadline = time.monotonic() + 10
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    check(holds(), what)


def config(admin, name):
    resource = ConfigResource(ConfigResourceType.TOPIC, TOPIC, {name: None})
    entries = admin.describe_configs([resource])[0].resources[0][4]
    return entries[0][1]


def administer(admin):
    wish = [NewTopic(TOPIC, 2, 1, topic_configs={"retention.ms": "77000"})]
    admin.create_topics(wish)
    try:
        admin.create_topics(wish)
        check(False, "a topic is not created twice")
    except TopicAlreadyExistsError:
        pass
    await_that(lambda: TOPIC in admin.list_topics(), "the topic is listed")
    await_that(lambda: config(admin, "retention.ms") == "77000", "it has its config")
    admin.create_partitions({TOPIC: NewPartitions(3)})
    await_that(lambda: len(admin.describe_topics([TOPIC])[0]["partitions"]) == 3, "it has another partition")
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, TOPIC, {"segment.ms": "5000"})])
    await_that(lambda: config(admin, "segment.ms") == "5000", "the new config holds")
    print("held: created, grew and configured a topic")


def produce():
    for codec in (None, "gzip"):
        producer = KafkaProducer(bootstrap_servers=SERVER, acks="all", compression_type=codec)
        sent = [
            producer.send(TOPIC, key=b"key-%d" % i, value=b"value-%d" % i, partition=i % 3, headers=[("number", b"%d" % i)])
            for i in range(COUNT)
        ]
        offsets = sorted((done.partition, done.offset) for done in (future.get(20) for future in sent))
        first = 0 if codec is None else COUNT // 3
        check(offsets == [(p, first + o) for p in range(3) for o in range(COUNT // 3)], "the offsets follow one another")
        producer.close()
    print("held: produced plain and compressed")


def consume(limit):
    consumer = KafkaConsumer(
        TOPIC,
        bootstrap_servers=SERVER,
        group_id="python-readers",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        consumer_timeout_ms=20000,
        max_poll_records=10,
    )
    read = []
    for record in consumer:
        number = int(dict(record.headers)["number"])
        check(record.key == b"key-%d" % number and record.value == b"value-%d" % number, f"record {number}")
        read.append((record.partition, record.offset))
        if len(read) % 10 == 0:
            consumer.commit()
        if len(read) == limit:
            break
    consumer.close()
    return read


def read():
    before = consume(COUNT)
    after = consume(COUNT)
    check(sorted(before + after) == [(p, o) for p in range(3) for o in range(2 * COUNT // 3)], "each is read once")
    consumer = KafkaConsumer(bootstrap_servers=SERVER)
    partition = TopicPartition(TOPIC, 0)
    check(consumer.end_offsets([partition])[partition] == 2 * COUNT // 3, "the end is where it should be")
    consumer.close()
    print("held: read as a group, and resumed")


def finish(admin):
    offsets = admin.list_consumer_group_offsets("python-readers")
    check({at.offset for at in offsets.values()} == {2 * COUNT // 3}, "all is committed")
    check(("python-readers", "consumer") in admin.list_consumer_groups(), "the group is listed")
    check(admin.delete_consumer_groups(["python-readers"])[0][1].errno == 0, "the group is deleted")
    admin.delete_topics([TOPIC])
    await_that(lambda: TOPIC not in admin.list_topics(), "the topic is deleted")
    print("held: deleted the group and the topic")


admin = KafkaAdminClient(bootstrap_servers=SERVER)
administer(admin)
produce()
read()
finish(admin)
admin.close()
print("end")
