// How the broker is: what flows through it, whether it is well, what it holds and where.
import {html, nothing} from '../lit.js';
import {path} from '../api.js';
import {to} from '../router.js';
import {bytes, count, duration, micros, short} from '../parts/format.js';
import {facts} from '../parts/facts.js';
import {firstSteps} from '../parts/firststeps.js';
import {shares} from '../parts/shares.js';
import {sparkline} from '../parts/sparkline.js';
import {table} from '../parts/table.js';
import {weight} from '../parts/weight.js';

const EVERY_MS = 2000;
const ROOM = 60;
const TOPICS_EVERY_MS = 15_000;
const LARGEST = 12;
// Older samples would make a line over a time when nobody asked.
const GAP_MS = 4 * EVERY_MS;

// Kept while other views are shown, so that who comes back finds the lines where they were.
let samples = [];

export const overview = {
  path: '/',
  nav: 'Overview',
  everyMs: EVERY_MS,
  title: () => 'Overview',
  calls: () => [path('totals'), '/actuator/health', path('cluster')],

  async load(context) {
    const [totals, health, cluster, topics] = await Promise.all([
      context.get(path('totals')),
      context.get('/actuator/health'),
      context.data?.cluster ?? context.get(path('cluster')),
      ownTopics(context),
    ]);
    remember(totals);
    return {totals, health, cluster, topics};
  },

  render: ({data: {totals, health, cluster, topics}}) => html`
    ${topics.length ? nothing : firstSteps(cluster.brokers[0])}
    <section class="flows" aria-label="Throughput">
      ${flow('Records in', 'recordsIn', short, count, totals)}
      ${flow('Bytes in', 'bytesIn', bytes, bytes, totals)}
      ${flow('Bytes out', 'bytesOut', bytes, bytes, totals)}
      ${flow('Requests', 'requests', short, count, totals)}
    </section>
    <div class="columns">
      <section>
        <h2>Health</h2>
        ${healthOf(health, totals)}
      </section>
      <section>
        <h2>What it holds</h2>
        ${facts([
          ['Topics', html`<a href="#/topics">${count(totals.now.topics)}</a>`],
          ['Partitions', count(totals.now.partitions)],
          ['Segments', count(totals.now.segments)],
          ['On disk', bytes(totals.now.sizeBytes)],
          ['Connections', count(health.components?.kafkaListener?.details?.connections)],
          ['Up for', duration(totals.uptimeMs)],
        ])}
      </section>
      <section>
        <h2>Disks</h2>
        ${disks(health, totals)}
      </section>
      <section>
        <h2>This broker</h2>
        ${facts([
          ['Node', cluster.nodeId],
          ['Kafka clients', html`<code>${cluster.brokers.map(broker => `${broker.host}:${broker.port}`).join(', ')}</code>`],
          ['Cluster', html`<code>${cluster.clusterId}</code>`],
          ['Version', cluster.version],
        ])}
      </section>
    </div>
    <div class="columns wide">
    <section>
      <h2>Requests since it started</h2>
      ${table([
        {head: 'API', cell: call => call.api, grow: true},
        {head: 'Requests', number: true, cell: call => count(call.count)},
        {head: 'Now', number: true, cell: call => perSecond(callRate(call.api))},
        {head: 'Mean time', number: true, cell: call => micros(call.meanMicros), title: 'From arrival to answer; some wait for records'},
      ], totals.calls, {empty: html`<p class="muted">None so far.</p>`})}
    </section>
    <section>
      <h2>Largest topics</h2>
      ${largest(topics)}
    </section>
    </div>`,
};

/** They may be many, so they are not asked for each time. */
async function ownTopics({data, state, get}) {
  const now = Date.now();
  if (data?.topics.length && now - state.topicsAt < TOPICS_EVERY_MS) {
    return data.topics;
  }
  state.topicsAt = now;
  return (await get(path('topics') + '?internal=false')).items;
}

function largest(topics) {
  const shown = topics.toSorted((a, b) => b.sizeBytes - a.sizeBytes).slice(0, LARGEST);
  return table([
    {head: 'Topic', cell: topic => topic.name, grow: true},
    {head: 'Records', number: true, cell: topic => count(topic.records)},
    {head: 'Size', number: true, cell: topic => bytes(topic.sizeBytes)},
    {head: '', minor: true, cell: topic => weight(topic.sizeBytes / Math.max(1, shown[0].sizeBytes))},
  ], shown, {href: topic => to('topics', topic.name), empty: html`<p class="muted">None yet.</p>`});
}

function remember(totals) {
  const last = samples.at(-1);
  if (last && (totals.timestamp - last.timestamp > GAP_MS || totals.uptimeMs < last.uptimeMs)) {
    samples = [];
  }
  samples.push(totals);
  samples = samples.slice(-(ROOM + 1));
}

function rates(read) {
  return samples.slice(1).map((sample, i) =>
    Math.max(0, (read(sample) - read(samples[i])) * 1000 / Math.max(1, sample.timestamp - samples[i].timestamp)));
}

function callRate(api) {
  const read = sample => sample.calls.find(call => call.api === api)?.count ?? 0;
  return rates(read).at(-1) ?? 0;
}

function perSecond(rate) {
  return rate ? `${short(rate)}/s` : html`<span class="muted">–</span>`;
}

function flow(name, field, rateText, totalText, totals) {
  const values = rates(sample => sample.sinceStart[field]);
  const now = values.at(-1);
  return html`<div class="flow">
    <h2>${name}</h2>
    <p class="big">${now === undefined ? '–' : rateText(now)}<small>/s</small></p>
    ${sparkline(values, {room: ROOM, label: `${name} per second over the last ${ROOM * EVERY_MS / 60_000} minutes`})}
    <p class="muted">${totalText(totals.sinceStart[field])} since the start</p>
  </div>`;
}

const PARTS = {
  kafkaListener: 'Kafka port', logDirs: 'Log directories', metadata: 'Metadata', livenessState: 'Alive', readinessState: 'Ready',
};

function healthOf(health, totals) {
  const parts = Object.entries(health.components ?? {}).filter(([name]) => PARTS[name]);
  const {offlinePartitions, damagedRanges} = totals.now;
  const {refusals} = totals.sinceStart;
  return html`<ul class="signs">
    ${parts.map(([name, {status}]) => sign(status === 'UP', PARTS[name], status === 'UP' ? '' : status))}
    ${sign(offlinePartitions === 0, 'Partitions online', offlinePartitions ? `${offlinePartitions} offline` : '')}
    ${sign(damagedRanges === 0, 'Logs undamaged', damagedRanges ? `${damagedRanges} damaged ranges` : '')}
    <li class="plain"><a href="#/errors">${refusals === 1 ? 'One refusal' : `${count(refusals)} refusals`}</a> since the start,
      each with its reason</li>
  </ul>`;
}

function sign(good, name, remark) {
  return html`<li class=${good ? 'good' : 'bad'}><span aria-hidden="true">${good ? '✓' : '✕'}</span> ${name}
    ${remark ? html`<strong>${remark}</strong>` : nothing}</li>`;
}

function disks(health, totals) {
  const details = health.components?.logDirs?.details ?? {};
  const directories = Object.entries(details).filter(([, value]) => value?.totalBytes);
  return directories.map(([directory, {usableBytes, totalBytes, writable}]) => {
    const ours = directories.length === 1 ? totals.now.sizeBytes : 0;
    return html`<div class="disk">
      <p><code>${directory}</code>${writable ? nothing : html` <strong class="bad">not writable</strong>`}</p>
      ${shares([
        {name: 'logs', size: ours, kind: 'ours'},
        {name: 'other files', size: totalBytes - usableBytes - ours, kind: 'other'},
        {name: 'free', size: usableBytes, kind: 'free'},
      ], `${bytes(usableBytes)} of ${bytes(totalBytes)} are free`)}
      <p class="muted">${bytes(usableBytes)} free of ${bytes(totalBytes)}</p>
    </div>`;
  });
}
