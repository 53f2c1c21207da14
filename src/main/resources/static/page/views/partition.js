// One partition: its offsets, its segments to scale, the newest records.
import {html, nothing} from '../lit.js';
import {path, withQuery} from '../api.js';
import {to, toWith} from '../router.js';
import {bytes, count} from '../parts/format.js';
import {facts} from '../parts/facts.js';
import {more} from '../parts/more.js';
import {offsetBar, offsetLegend} from '../parts/offsets.js';
import {recordTable} from '../parts/records.js';
import {strip} from '../parts/strip.js';
import {table} from '../parts/table.js';
import {when} from '../parts/when.js';

const NEWEST = 10;
const VALUE_BYTES = 200;
const STEP = 100;

export const partition = {
  path: '/topics/:topic/partitions/:partition',
  everyMs: 3000,
  title: ({params}) => `Partition ${params.partition}`,
  trail: ({params: {topic}}) => [['Topics', '#/topics'], [topic, to('topics', topic)]],
  calls: ({params: {topic, partition}, data}) => {
    const here = path('topics', topic, 'partitions', partition);
    return [here, `${here}/segments`, ...(data ? [newest(here, data.about)] : [])];
  },

  async load(context) {
    const {topic, partition} = context.params;
    const here = path('topics', topic, 'partitions', partition);
    const [about, segments] = await Promise.all([context.get(here), context.get(`${here}/segments`)]);
    const records = about.logEndOffset > about.logStartOffset ? await context.get(newest(here, about), {exact: true}) : {items: []};
    return {about, segments: segments.items, records: records.items};
  },

  render(context) {
    const {params: {topic, partition}, data: {about, segments, records}} = context;
    const within = ['topics', topic, 'partitions', partition];
    return html`
      ${about.offline ? html`<p class="problem">Nothing can be appended: ${about.offline}</p>` : nothing}
      <section>
        ${offsetBar(about, about.logEndOffset)}
        ${facts([
          ['Log start', count(about.logStartOffset)],
          ['Last stable offset', count(about.lastStableOffset)],
          ['High watermark', count(about.highWatermark)],
          ['Log end', count(about.logEndOffset)],
          ['On disk up to', count(about.durableOffset)],
          ['Size', bytes(about.sizeBytes)],
          ['Leader', about.leader, `epoch ${about.leaderEpoch}`],
          ['In sync', about.isr.join(', ')],
        ])}
        ${offsetLegend()}
        ${about.lastStableOffsetHeldBy ? holder(about.lastStableOffsetHeldBy) : nothing}
      </section>
      <section>
        <h2>Segments</h2>
        ${strip(segments.map(segment => ({
          size: segment.sizeBytes,
          href: to(...within, 'segments', segment.baseOffset),
          label: count(segment.baseOffset),
          title: `${segment.file}: from offset ${count(segment.baseOffset)}, ${bytes(segment.sizeBytes)}${segment.active ? ', being appended to' : ''}`,
          kind: segment.active ? 'active' : '',
        })))}
        ${segmentTable(context, segments, within)}
      </section>
      <section>
        <h2>Newest records</h2>
        ${recordTable(records.toReversed(), within, html`<p class="muted">None yet.</p>`)}
        ${records.length ? html`<p><a class="button" href=${toWith([...within, 'records'], {})}>All records</a></p>` : nothing}
      </section>`;
  },
};

function newest(here, about) {
  const from = Math.max(about.logStartOffset ?? 0, (about.logEndOffset ?? 0) - NEWEST);
  return withQuery(`${here}/records`, {from, limit: NEWEST, maxValueBytes: VALUE_BYTES});
}

function holder({transactionalId, producerId, firstOffset, sinceTimestamp}) {
  return html`<p class="note">Readers of committed records wait at offset ${count(firstOffset)}: producer ${producerId}
    ${transactionalId ? html`(<code>${transactionalId}</code>)` : nothing} has a transaction open since ${when(sinceTimestamp)}.</p>`;
}

function segmentTable({state, update}, segments, within) {
  const shown = state.shown ?? STEP;
  const rows = segments.toReversed();
  return html`${table([
    {head: 'First offset', cell: segment => count(segment.baseOffset)},
    {head: 'Next offset', number: true, cell: segment => count(segment.nextOffset)},
    {head: 'Size', number: true, cell: segment => bytes(segment.sizeBytes)},
    {head: 'File', minor: true, cell: segment => html`<code>${segment.file}</code>`},
    {head: '', cell: segment => segment.active ? html`<span class="tag">active</span>` : nothing},
  ], rows.slice(0, shown), {href: segment => to(...within, 'segments', segment.baseOffset)})}
  ${more(rows.length, shown, () => { state.shown = shown + STEP; update(); })}`;
}
