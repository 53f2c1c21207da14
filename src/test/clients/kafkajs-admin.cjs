// What a Node application administers, through kafkajs. Prints a line for each part that held.
// Argument: bootstrap server.
const { Kafka, ConfigResourceTypes, logLevel } = require('kafkajs');

const [, , server] = process.argv;
const topic = 'node-admin';
const kafka = new Kafka({ clientId: 'admin', brokers: [server], logLevel: logLevel.NOTHING });

function check(holds, what) {
  if (!holds) {
    throw new Error(`Does not hold: ${what}`);
  }
}

async function partitions(admin) {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics[0].partitions.length;
}

async function config(admin, name) {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: [name] }],
  });
  return resources[0].configEntries[0].configValue;
}

async function offset(admin, at) {
  const [first] = await admin.fetchTopicOffsets(topic);
  return Number(first[at]);
}

async function main() {
  const admin = kafka.admin();
  await admin.connect();

  const { clusterId, controller, brokers } = await admin.describeCluster();
  check(clusterId && controller === 1 && brokers.length === 1, 'the cluster is one broker');
  console.log('held: described the cluster');

  const wish = { topics: [{ topic, numPartitions: 1, configEntries: [{ name: 'retention.ms', value: '77000' }] }] };
  check(await admin.createTopics(wish), 'the topic is created');
  check(!(await admin.createTopics(wish)), 'it is not created twice');
  check((await admin.listTopics()).includes(topic), 'it is listed');
  check((await config(admin, 'retention.ms')) === '77000', 'it has its config');
  console.log('held: created a topic');

  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name: 'segment.ms', value: '5000' }] }],
  });
  check((await config(admin, 'segment.ms')) === '5000', 'the new config holds');
  check((await config(admin, 'retention.ms')) === '604800000', 'what is not named is taken back');
  console.log('held: altered configs');

  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: [0, 1, 2, 3].map((i) => ({ value: `value-${i}` })) });
  await producer.disconnect();
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
  check((await offset(admin, 'low')) === 3 && (await offset(admin, 'high')) === 4, 'three records are gone');
  console.log('held: deleted records');

  await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
  check((await partitions(admin)) === 3, 'there are three partitions');
  await admin.deleteTopics({ topics: [topic] });
  check(!(await admin.listTopics()).includes(topic), 'the topic is gone');
  console.log('held: grew and deleted the topic');

  await admin.disconnect();
  console.log('end');
}

main().catch((error) => {
  console.log(error);
  process.exit(1);
});
