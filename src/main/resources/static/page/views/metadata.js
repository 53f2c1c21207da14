// The metadata log: what the controller has written down, record by record.
import {html, nothing} from '../lit.js';
import {BASE, withQuery} from '../api.js';
import {to, toWith} from '../router.js';
import {bytes, count} from '../parts/format.js';
import {facts} from '../parts/facts.js';
import {jump} from '../parts/jump.js';
import {table} from '../parts/table.js';
import {when} from '../parts/when.js';

const PAGE = 100;
const LOG = `${BASE}/internal/cluster-metadata`;

export const metadata = {
  path: '/metadata',
  nav: 'Metadata',
  title: () => 'Metadata log',
  calls: context => [call(context)],

  // Its end is known when it was asked for once; without an offset one wants to see what happened last.
  async load(context) {
    if (context.query.from !== undefined) {
      return context.get(call(context), {exact: true});
    }
    const {log} = await context.get(withQuery(LOG, {limit: 1}));
    context.state.from = Math.max(log.logStartOffset, log.logEndOffset - PAGE);
    return context.get(call(context), {exact: true});
  },

  render(context) {
    const {items, log} = context.data;
    const from = Number(context.query.from ?? context.state.from);
    const last = items.at(-1);
    const next = last && last.offset + 1 < log.logEndOffset ? last.offset + 1 : undefined;
    return html`
      <section>${facts([
        ['Runs', html`${count(log.logStartOffset)} to ${count(log.logEndOffset)}`, 'exclusive'],
        ['Size', bytes(log.sizeBytes)],
        ['Segments', count(log.segments)],
        ['Newest checkpoint', log.checkpointOffset === null ? 'none' : html`before offset ${count(log.checkpointOffset)}`],
        ['Since then', html`${count(log.recordsSinceCheckpoint)} records`],
        log.checkpointFailure ? ['Checkpoints fail', html`<strong class="bad">${log.checkpointFailure}</strong>`] : undefined,
      ])}</section>
      <section>
        ${jump({from, first: log.logStartOffset, end: log.logEndOffset, page: PAGE, next, href: offset => toWith(['metadata'], {from: offset})})}
        ${listing(items, log)}
      </section>`;
  },
};

function call({query, state}) {
  return withQuery(LOG, {from: query.from ?? state.from, limit: PAGE});
}

function listing(items, log) {
  return table([
    {head: 'Offset', cell: item => count(item.offset)},
    {head: 'Written', minor: true, cell: item => when(item.timestamp)},
    {head: 'Record', cell: item => html`<strong>${item.type}</strong> <small>v${item.version}</small>${item.control ? html` <span class="tag">control</span>` : nothing}`},
    {head: 'What it says', grow: true, cell: said},
    {head: 'Batch', minor: true, cell: item => html`<a href=${to('topics', '__cluster_metadata', 'partitions', 0, 'batches', item.batch.baseOffset)}>${item.batch.baseOffset}–${item.batch.lastOffset}</a>`},
    {head: '', cell: item => item.offset < log.firstImageOffset ? nothing
      : html`<a href=${toWith(['metadata', 'diff'], {from: item.batch.baseOffset, to: item.batch.lastOffset + 1})} aria-label="What the batch of offset ${item.offset} changed">changed</a>`},
  ], items, {empty: html`<p class="muted">No records here.</p>`});
}

function said(item) {
  if (item.data === undefined) {
    return html`<span class="tag">bytes</span> <code>${item.raw}</code>`;
  }
  return html`<dl class="evidence flat">${Object.entries(item.data).map(([name, value]) => html`<div><dt>${name}</dt><dd>${plain(value)}</dd></div>`)}</dl>`;
}

function plain(value) {
  return typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
}
