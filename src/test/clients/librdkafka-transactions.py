"""Transactions as a C application makes them, through librdkafka. Prints a line for each part that held.

Arguments: bootstrap server, topic with one partition and no records.
"""

import ctypes
import sys

server, topic = sys.argv[1:3]
rd = ctypes.CDLL("librdkafka.so.1")
for name in (
    "rd_kafka_conf_new rd_kafka_new rd_kafka_topic_new rd_kafka_init_transactions rd_kafka_begin_transaction "
    "rd_kafka_commit_transaction rd_kafka_abort_transaction rd_kafka_error_string rd_kafka_consumer_poll "
    "rd_kafka_topic_partition_list_new rd_kafka_topic_partition_list_add rd_kafka_version_str"
).split():
    getattr(rd, name).restype = ctypes.c_void_p
PRODUCER, CONSUMER = 0, 1
COPY = 2
MS = 20_000


class Message(ctypes.Structure):
    _fields_ = [
        ("error", ctypes.c_int),
        ("topic", ctypes.c_void_p),
        ("partition", ctypes.c_int32),
        ("payload", ctypes.c_void_p),
        ("length", ctypes.c_size_t),
    ]


def client(kind, **settings):
    conf = ctypes.c_void_p(rd.rd_kafka_conf_new())
    reason = ctypes.create_string_buffer(512)
    for key, value in {"bootstrap.servers": server, **settings}.items():
        if rd.rd_kafka_conf_set(conf, key.replace("_", ".").encode(), value.encode(), reason, 512):
            sys.exit(reason.value.decode())
    made = rd.rd_kafka_new(kind, conf, reason, 512)
    return ctypes.c_void_p(made) if made else sys.exit(reason.value.decode())


def error_of(returned):
    return ctypes.string_at(rd.rd_kafka_error_string(ctypes.c_void_p(returned))).decode() if returned else None


def check(returned):
    if returned:
        sys.exit("Does not hold: " + error_of(returned))


def producer():
    made = client(PRODUCER, transactional_id="librdkafka-" + topic)
    check(rd.rd_kafka_init_transactions(made, MS))
    return made


def write(to, *values):
    handle = ctypes.c_void_p(rd.rd_kafka_topic_new(to, topic.encode(), None))
    for value in values:
        if rd.rd_kafka_produce(handle, 0, COPY, value.encode(), ctypes.c_size_t(len(value)), None, ctypes.c_size_t(0), None):
            sys.exit("Does not hold: a record is taken")
    rd.rd_kafka_flush(to, MS)


def read(isolation, count):
    """The values up to the end of the partition, of which there are to be `count`."""
    consumer = client(
        CONSUMER,
        group_id="none",
        enable_auto_commit="false",
        isolation_level=isolation,
        enable_partition_eof="true",
        auto_offset_reset="earliest",
    )
    partitions = ctypes.c_void_p(rd.rd_kafka_topic_partition_list_new(1))
    rd.rd_kafka_topic_partition_list_add(partitions, topic.encode(), 0)
    rd.rd_kafka_assign(consumer, partitions)
    values = []
    while True:
        polled = rd.rd_kafka_consumer_poll(consumer, MS)
        if not polled:
            sys.exit("Does not hold: the end is reached")
        message = Message.from_address(polled)
        if message.error:
            break
        values.append(ctypes.string_at(message.payload, message.length).decode())
    rd.rd_kafka_consumer_close(consumer)
    if len(values) != count:
        sys.exit(f"Does not hold: {count} records are read, not {values}")
    return values


first = producer()
check(rd.rd_kafka_begin_transaction(first))
write(first, "one", "two")
check(rd.rd_kafka_commit_transaction(first, MS))
check(rd.rd_kafka_begin_transaction(first))
write(first, "aborted")
check(rd.rd_kafka_abort_transaction(first, MS))
print("held: committed and aborted")

if read("read_committed", 2) != ["one", "two"] or read("read_uncommitted", 3) != ["one", "two", "aborted"]:
    sys.exit("Does not hold: what is committed is read")
print("held: read what is committed")

check(rd.rd_kafka_begin_transaction(first))
write(first, "zombie")
second = producer()
check(rd.rd_kafka_begin_transaction(second))
write(second, "three")
check(rd.rd_kafka_commit_transaction(second, MS))
if not rd.rd_kafka_commit_transaction(first, MS):
    sys.exit("Does not hold: the older instance is fenced")
if read("read_committed", 3) != ["one", "two", "three"]:
    sys.exit("Does not hold: nothing of the older instance is read")
print("held: fenced the older instance")
print("end")
