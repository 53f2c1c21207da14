// One topic: its partitions, what is set for it, who writes and who reads it.
import {html, nothing} from '../lit.js';
import {path, withQuery} from '../api.js';
import {to} from '../router.js';
import {configTable} from '../parts/configs.js';
import {bytes, count} from '../parts/format.js';
import {facts} from '../parts/facts.js';
import {firstSteps} from '../parts/firststeps.js';
import {more} from '../parts/more.js';
import {offsetBar, offsetLegend} from '../parts/offsets.js';
import {table} from '../parts/table.js';
import {when} from '../parts/when.js';

const STEP = 100;
const GROUPS_EVERY_MS = 15_000;

export const topic = {
  path: '/topics/:topic',
  everyMs: 3000,
  title: ({params}) => params.topic,
  trail: () => [['Topics', '#/topics']],
  calls: ({params: {topic}}) => [
    path('topics', topic), path('topics', topic, 'partitions'), configsOf(topic), path('topics', topic, 'producers'), path('topics', topic, 'groups'),
  ],

  async load(context) {
    const {topic} = context.params;
    const [about, partitions, configs, producers, groups, cluster] = await Promise.all([
      context.get(path('topics', topic)),
      context.get(path('topics', topic, 'partitions')),
      context.get(context.state.allConfigs ? path('topics', topic, 'configs') : configsOf(topic)),
      context.get(withQuery(path('topics', topic, 'producers'), {limit: 20})),
      groupsOf(context),
      context.data?.cluster ?? context.get(path('cluster')),
    ]);
    return {about, partitions: partitions.items, configs: configs.items, producers, groups, cluster};
  },

  render(context) {
    const {about, partitions, configs, producers, groups, cluster} = context.data;
    const written = partitions.some(partition => partition.logEndOffset > 0);
    return html`
      <section>${facts([
        ['Records', count(about.records)],
        ['Size', bytes(about.sizeBytes)],
        ['Partitions', count(about.partitions)],
        ['Replicas', about.replicationFactor],
        ['Id', html`<code>${about.topicId}</code>`],
        about.internal ? ['Kind', 'Kafka’s own'] : undefined,
      ])}</section>
      ${written || about.internal ? nothing : firstSteps(cluster.brokers[0], about.name)}
      <section>
        <h2>Partitions</h2>
        ${partitionTable(context, partitions)}
        ${offsetLegend()}
      </section>
      <section>
        <h2>Configs</h2>
        ${configTable(configs)}
        <p><button type="button" @click=${() => { context.state.allConfigs = !context.state.allConfigs; context.reload(); }}>
          ${context.state.allConfigs ? 'Only what is set' : 'All configs'}</button></p>
      </section>
      <div class="columns">
        <section>
          <h2>Read by</h2>
          ${readers(groups)}
        </section>
        <section>
          <h2>Written by</h2>
          ${writers(producers, about.name)}
        </section>
      </div>`;
  },
};

/** Asked for now and then only: all groups are looked at for it. The rest is shown while groups can't be told yet. */
async function groupsOf({state, get, params: {topic}}) {
  if (!state.groups || Date.now() - state.groupsAt > GROUPS_EVERY_MS) {
    state.groupsAt = Date.now();
    try {
      state.groups = await get(withQuery(path('topics', topic, 'groups'), {limit: 20}));
    } catch (problem) {
      if (problem.name === 'AbortError') {
        throw problem;
      }
      state.groups = {items: [], problem: problem.message};
    }
  }
  return state.groups;
}

function configsOf(topic) {
  return withQuery(path('topics', topic, 'configs'), {set: true});
}

function partitionTable(context, partitions) {
  const end = Math.max(...partitions.map(partition => partition.logEndOffset ?? 0));
  const shown = context.state.shown ?? STEP;
  return html`${table([
    {head: 'Partition', cell: partition => partition.partition},
    {head: 'Start', number: true, minor: true, cell: partition => count(partition.logStartOffset)},
    {head: 'Offsets', grow: true, cell: partition => partition.offline ? offline(partition) : offsetBar(partition, end)},
    {head: 'High watermark', number: true, minor: true, cell: partition => count(partition.highWatermark)},
    {head: 'End', number: true, cell: partition => count(partition.logEndOffset)},
    {head: 'Segments', number: true, minor: true, cell: partition => count(partition.segments)},
    {head: 'Size', number: true, cell: partition => bytes(partition.sizeBytes)},
  ], partitions.slice(0, shown), {href: partition => to('topics', partition.topic, 'partitions', partition.partition)})}
  ${more(partitions.length, shown, () => { context.state.shown = shown + STEP; context.update(); })}`;
}

function offline(partition) {
  return html`<strong class="bad">offline: ${partition.offline}</strong>`;
}

function readers(groups) {
  if (groups.problem) {
    return html`<p class="bad">${groups.problem}</p>`;
  }
  return html`${table([
    {head: 'Group', cell: group => group.group, grow: true},
    {head: 'State', cell: group => group.state},
    {head: 'Members', number: true, cell: group => count(group.members)},
    {head: 'Lag', number: true, cell: group => count(group.lag), title: 'Records of this topic that it has not committed'},
  ], groups.items, {
    href: group => to('groups', group.group),
    empty: html`<p class="muted">No group has committed offsets of it.</p>`,
  })}${groups.more ? html`<p class="muted">There are more.</p>` : nothing}`;
}

function writers(producers, topic) {
  return html`${table([
    {head: 'Producer id', cell: producer => producer.producerId},
    {head: 'Partition', number: true, cell: producer => producer.partition},
    {head: 'Last offset', number: true, cell: producer => count(producer.lastOffset)},
    {head: 'Last written', minor: true, cell: producer => when(producer.lastTimestamp)},
    {head: 'Transaction', cell: producer => producer.transaction ? html`open <small>${producer.transaction.transactionalId}</small>` : html`<span class="muted">–</span>`},
  ], producers.items, {
    href: producer => to('topics', topic, 'partitions', producer.partition, 'batches', producer.lastOffset),
    empty: html`<p class="muted">No idempotent producer is known. Others leave no name.</p>`,
  })}${producers.more ? html`<p class="muted">There are more.</p>` : nothing}`;
}
