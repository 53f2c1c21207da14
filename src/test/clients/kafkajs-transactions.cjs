// Transactions as a Node application makes them, through kafkajs. Prints a line for each part that held.
// Arguments: bootstrap server, topic with three partitions and no records.
const { Kafka, logLevel } = require('kafkajs');

const [, , server, topic] = process.argv;
const kafka = new Kafka({ clientId: 'transactions', brokers: [server], logLevel: logLevel.ERROR });
const groupId = `group-${topic}`;

function check(holds, what) {
  if (!holds) {
    throw new Error(`Does not hold: ${what}`);
  }
}

function transactional(id) {
  return kafka.producer({ transactionalId: `${id}-${topic}`, maxInFlightRequests: 1, idempotent: true });
}

function messages(prefix) {
  return [0, 1, 2].map((partition) => ({ partition, key: prefix, value: `${prefix}-${partition}` }));
}

/// The values that a consumer sees until all of `last` have come.
async function read(readUncommitted, last) {
  const consumer = kafka.consumer({
    groupId: `reader-${readUncommitted}-${last[0]}-${topic}`,
    readUncommitted,
    sessionTimeout: 10000,
    heartbeatInterval: 500,
  });
  const values = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ message }) => {
          values.push(message.value.toString());
          if (last.every((value) => values.includes(value))) {
            resolve();
          }
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return values.sort();
}

function all(...prefixes) {
  return prefixes.flatMap((prefix) => [0, 1, 2].map((partition) => `${prefix}-${partition}`)).sort();
}

async function main() {
  const producer = transactional('first');
  await producer.connect();
  const committed = await producer.transaction();
  await committed.send({ topic, messages: messages('committed') });
  await committed.commit();
  const aborted = await producer.transaction();
  await aborted.send({ topic, messages: messages('aborted') });
  await aborted.abort();
  const offsets = await producer.transaction();
  await offsets.send({ topic, messages: messages('last') });
  await offsets.sendOffsets({
    consumerGroupId: groupId,
    topics: [{ topic, partitions: [{ partition: 1, offset: '4' }] }],
  });
  await offsets.commit();
  console.log('held: committed, aborted and committed with offsets');

  const seen = await read(false, all('last'));
  check(String(seen) === String(all('committed', 'last')), `only what is committed is read, not ${seen}`);
  const everything = await read(true, all('last'));
  check(String(everything) === String(all('aborted', 'committed', 'last')), `all is read, not ${everything}`);
  console.log('held: read what is committed');

  const admin = kafka.admin();
  await admin.connect();
  const [{ partitions }] = await admin.fetchOffsets({ groupId, topics: [topic] });
  check(
    partitions.find(({ partition }) => partition === 1).offset === '4',
    `the offset is committed, not ${JSON.stringify(partitions)}`,
  );
  await admin.disconnect();
  console.log('held: committed the offset');

  const open = await producer.transaction();
  await open.send({ topic, messages: messages('zombie') });
  const successor = transactional('first');
  await successor.connect();
  const next = await successor.transaction();
  await next.send({ topic, messages: messages('successor') });
  await next.commit();
  let fenced = false;
  try {
    await open.commit();
  } catch (error) {
    fenced = true;
  }
  check(fenced, 'the older instance is fenced');
  const after = await read(false, all('successor'));
  check(String(after) === String(all('committed', 'last', 'successor')), `nothing of the zombie is read: ${after}`);
  await successor.disconnect();
  await producer.disconnect();
  console.log('held: fenced the older instance');
  console.log('end');
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
