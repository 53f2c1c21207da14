// Where the logs lie, how they were opened, and what waits to be removed.
import {html, nothing} from '../lit.js';
import {path} from '../api.js';
import {to} from '../router.js';
import {bytes, count} from '../parts/format.js';
import {facts} from '../parts/facts.js';
import {table} from '../parts/table.js';
import {weight} from '../parts/weight.js';

const STEP = 200;
const EVERY_MS = 5000;

export const logdirs = {
  path: '/log-dirs',
  nav: 'Disks',
  everyMs: EVERY_MS,
  title: () => 'Log directories and recovery',
  calls: () => [path('log-dirs'), path('recovery')],

  async load(context) {
    const [dirs, recovery] = await Promise.all([context.get(path('log-dirs')), context.get(path('recovery'))]);
    return {dirs, recovery};
  },

  render(context) {
    const {dirs, recovery} = context.data;
    const opened = new Map(recovery.items.map(item => [`${item.topic}-${item.partition}`, item]));
    return html`
      <section>
        <h2>How the logs were opened</h2>
        ${facts([
          ['Done', count(recovery.totals.done)],
          ['Waiting', count(recovery.totals.waiting)],
          ['Running', count(recovery.totals.running)],
          ['Failed', recovery.totals.failed ? html`<strong class="bad">✕ ${count(recovery.totals.failed)}</strong>` : '0'],
          ['Checked', bytes(recovery.totals.bytesChecked), `of ${bytes(recovery.totals.bytesToCheck)}`],
          ['Cut off', bytes(recovery.totals.bytesCut)],
          ['Damaged ranges', recovery.totals.damagedRanges ? html`<strong class="bad">✕ ${count(recovery.totals.damagedRanges)}</strong>` : '0'],
        ])}
      </section>
      ${dirs.items.map(directory => one(context, directory, opened))}
      <section>
        <h2>Of deleted topics</h2>
        ${facts([['Partitions removed', count(dirs.removed.partitions)], ['Directories to be removed', count(dirs.removed.awaitingRemoval)]])}
        ${dirs.removed.strays.length ? html`<p>Directories that belong to no topic, and are kept:</p>
          <ul>${dirs.removed.strays.map(stray => html`<li><code>${typeof stray === 'string' ? stray : JSON.stringify(stray)}</code></li>`)}</ul>` : nothing}
      </section>`;
  },
};

function one(context, directory, opened) {
  const shown = context.state[directory.path] ?? STEP;
  const largest = Math.max(1, ...directory.partitions.map(partition => partition.sizeBytes ?? 0));
  return html`<section>
    <h2><code>${directory.path}</code></h2>
    ${facts([
      ['Can be written to', directory.writable ? 'yes' : html`<strong class="bad">✕ no</strong>`],
      ['Free', bytes(directory.usableBytes), `of ${bytes(directory.totalBytes)}`],
      ['Partitions', count(directory.partitions.length)],
    ])}
    ${table([
      {head: 'Partition', cell: item => `${item.topic}-${item.partition}`, grow: true},
      {head: 'Size', number: true, cell: item => bytes(item.sizeBytes)},
      {head: '', minor: true, cell: item => weight((item.sizeBytes ?? 0) / largest)},
      {head: 'Surely on disk', number: true, minor: true, cell: item => count(item.checkpoints.recoveryPoint), title: 'The recovery point in the checkpoint file'},
      {head: 'Log start', number: true, minor: true, cell: item => count(item.checkpoints.logStartOffset), title: 'In the checkpoint file'},
      {head: 'High watermark', number: true, minor: true, cell: item => count(item.checkpoints.highWatermark), title: 'In the checkpoint file'},
      {head: 'Opened', cell: item => recovered(opened.get(`${item.topic}-${item.partition}`))},
    ], directory.partitions.slice(0, shown), {href: item => to('topics', item.topic, 'partitions', item.partition)})}
    ${directory.partitions.length > shown
      ? html`<p><button type="button" @click=${() => { context.state[directory.path] = shown + STEP; context.update(); }}>Show more (${count(directory.partitions.length - shown)} are left)</button></p>` : nothing}
  </section>`;
}

function recovered(item) {
  if (!item) {
    return html`<span class="muted">–</span>`;
  }
  return html`${item.state === 'failed' ? html`<strong class="bad">✕ ${item.failure}</strong>` : html`${item.state}${item.ms === undefined ? nothing : html` <small>${count(item.ms)} ms</small>`}`}
    ${item.bytes.cut ? html`<span class="tag open">${bytes(item.bytes.cut)} cut off</span>` : nothing}
    ${item.damaged.length ? html`<strong class="bad">✕ ${count(item.damaged.length)} damaged</strong>` : nothing}`;
}
