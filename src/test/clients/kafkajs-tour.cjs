// What a Node application does with a broker, through kafkajs. Prints a line for each part that held.
// Arguments: bootstrap server, topic with three partitions and no records.
const { Kafka, CompressionTypes, logLevel } = require('kafkajs');

const [, , server, topic] = process.argv;
const EACH = 300;
const kafka = new Kafka({ clientId: 'tour', brokers: [server], logLevel: logLevel.ERROR });

function check(holds, what) {
  if (!holds) {
    throw new Error(`Does not hold: ${what}`);
  }
}

async function produce(first, compression) {
  const producer = kafka.producer({ idempotent: compression === CompressionTypes.GZIP });
  await producer.connect();
  const messages = [];
  for (let i = first; i < first + EACH; i++) {
    messages.push({
      key: `key-${i}`,
      value: i % 10 === 0 ? null : `value-${i}`,
      partition: i % 3,
      headers: { number: String(i) },
    });
  }
  await producer.send({ topic, acks: -1, compression, messages });
  await producer.disconnect();
  console.log(`held: produced with ${compression}`);
}

/// Members that run until together they have seen `count` different records; then each record's number and value.
async function consume(groupId, memberCount, count) {
  const read = new Map();
  const partitions = new Set();
  const members = [];
  let enough;
  const done = new Promise((resolve) => (enough = resolve));
  const joined = [];
  for (let i = 0; i < memberCount; i++) {
    const member = kafka.consumer({ groupId, sessionTimeout: 10000, heartbeatInterval: 500 });
    members.push(member);
    joined.push(new Promise((resolve) => member.on(member.events.GROUP_JOIN, resolve)));
    await member.connect();
    await member.subscribe({ topic, fromBeginning: true });
    await member.run({
      eachMessage: async ({ partition, message }) => {
        const number = Number(message.headers.number.toString());
        check(message.key.toString() === `key-${number}`, `the key of ${number}`);
        const value = message.value === null ? null : message.value.toString();
        check(value === (number % 10 === 0 ? null : `value-${number}`), `the value of ${number}`);
        partitions.add(partition);
        read.set(number, value);
        if (read.size === count) {
          enough();
        }
      },
    });
  }
  await Promise.all(joined);
  await done;
  for (const member of members) {
    // Commits what has been handled.
    await member.disconnect();
  }
  check(partitions.size === 3, 'all partitions were read');
  return read;
}

async function main() {
  await produce(0, CompressionTypes.None);
  await produce(EACH, CompressionTypes.GZIP);
  const read = await consume(`group-${topic}`, 2, 2 * EACH);
  check(read.size === 2 * EACH, 'all was read');
  console.log('held: read by two members');

  await produce(2 * EACH, CompressionTypes.None);
  const further = await consume(`group-${topic}`, 1, EACH);
  check([...further.keys()].every((number) => number >= 2 * EACH), 'nothing is read again');
  console.log('held: resumed');

  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchOffsets({ groupId: `group-${topic}`, topics: [topic] });
  const ends = await admin.fetchTopicOffsets(topic);
  const committed = Object.fromEntries(offsets[0].partitions.map(({ partition, offset }) => [partition, offset]));
  check(ends.every(({ partition, high }) => committed[partition] === high), 'all is committed');
  const { groups } = await admin.describeGroups([`group-${topic}`]);
  check(groups[0].state === 'Empty', `the group is empty, not ${groups[0].state}`);
  await admin.deleteGroups([`group-${topic}`]);
  const listed = await admin.listGroups();
  check(!listed.groups.some(({ groupId }) => groupId === `group-${topic}`), 'the group is gone');
  await admin.disconnect();
  console.log('held: described and deleted the group');
  console.log('end');
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
