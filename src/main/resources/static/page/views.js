// All views there are. A further one is a module in views/ and a line here; those with `nav` are in the navigation, in
// this order.
import {batch} from './views/batch.js';
import {connections} from './views/connections.js';
import {connection} from './views/connection.js';
import {errors} from './views/errors.js';
import {groupreset} from './views/groupreset.js';
import {groups} from './views/groups.js';
import {group} from './views/group.js';
import {lint} from './views/lint.js';
import {live} from './views/live.js';
import {logdirs} from './views/logdirs.js';
import {metadatadiff} from './views/metadatadiff.js';
import {metadataimage} from './views/metadataimage.js';
import {metadata} from './views/metadata.js';
import {overview} from './views/overview.js';
import {partition} from './views/partition.js';
import {records} from './views/records.js';
import {record} from './views/record.js';
import {requests} from './views/requests.js';
import {segment} from './views/segment.js';
import {topics} from './views/topics.js';
import {topic} from './views/topic.js';
import {transactions} from './views/transactions.js';
import {transaction} from './views/transaction.js';

export const views = [
  overview, topics, topic, partition, segment, batch, records, record,
  live, groups, group, groupreset, transactions, transaction, requests, connections, connection, errors,
  metadata, metadataimage, metadatadiff, logdirs, lint,
];
