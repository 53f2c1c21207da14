// All views there are. A further one is a module in views/ and a line here; those with `nav` are in the navigation, in
// this order.
import {batch} from './views/batch.js';
import {group} from './views/group.js';
import {groupreset} from './views/groupreset.js';
import {groups} from './views/groups.js';
import {overview} from './views/overview.js';
import {partition} from './views/partition.js';
import {record} from './views/record.js';
import {records} from './views/records.js';
import {segment} from './views/segment.js';
import {topic} from './views/topic.js';
import {topics} from './views/topics.js';
import {transaction} from './views/transaction.js';
import {transactions} from './views/transactions.js';

export const views = [
  overview, topics, topic, partition, segment, batch, records, record,
  groups, group, groupreset, transactions, transaction,
];
