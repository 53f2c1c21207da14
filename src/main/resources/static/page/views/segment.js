// One segment: its files, and its batches as they lie in it.
import {html, nothing} from '../lit.js';
import {path, withQuery} from '../api.js';
import {to, toWith} from '../router.js';
import {batchMarks, batchKind, lettersOf, marksLegend, marksInWords} from '../parts/batchmarks.js';
import {bytes, count} from '../parts/format.js';
import {facts} from '../parts/facts.js';
import {jump} from '../parts/jump.js';
import {strip} from '../parts/strip.js';
import {table} from '../parts/table.js';
import {when} from '../parts/when.js';

const PAGE = 200;

export const segment = {
  path: '/topics/:topic/partitions/:partition/segments/:base',
  title: ({params}) => `Segment ${count(Number(params.base))}`,
  trail: ({params: {topic, partition}}) => [
    ['Topics', '#/topics'], [topic, to('topics', topic)], [`Partition ${partition}`, to('topics', topic, 'partitions', partition)],
  ],
  calls: context => [about(context), batches(context), `${about(context)}/index`, `${about(context)}/timeindex`],

  async load(context) {
    const [found, page] = await Promise.all([context.get(about(context)), context.get(batches(context))]);
    const within = page.items.filter(batch => batch.segment === undefined || batch.segment === found.baseOffset);
    return {segment: found, batches: within};
  },

  render({params: {topic, partition, base}, query, data: {segment, batches}}) {
    const within = ['topics', topic, 'partitions', partition];
    const from = Number(query.from ?? base);
    const last = batches.at(-1)?.lastOffset;
    const span = last === undefined ? PAGE : Math.max(PAGE, last + 1 - from);
    return html`
      <section>${facts([
        ['Offsets', `${count(segment.baseOffset)} to ${count(segment.nextOffset - 1)}`],
        ['Size', bytes(segment.sizeBytes), segment.active ? 'being appended to' : 'closed'],
        ['Newest record', when(segment.maxTimestamp)],
        ['Index entries', count(segment.entries.index), `by offset, ${count(segment.entries.timeindex)} by time`],
        ['Aborted transactions', count(segment.entries.txnindex)],
      ])}</section>
      ${segment.damaged.length ? damage(segment.damaged) : nothing}
      <section>
        <h2>Batches</h2>
        ${jump({
          from, first: segment.baseOffset, end: segment.nextOffset, page: span,
          next: last !== undefined && last + 1 < segment.nextOffset ? last + 1 : undefined,
          href: offset => toWith([...within, 'segments', base], {from: offset}),
        })}
        ${strip(batches.map(batch => ({
          size: batch.sizeBytes ?? batch.damaged?.sizeBytes ?? 1,
          href: to(...within, 'batches', batch.baseOffset),
          title: `offsets ${count(batch.baseOffset)} to ${count(batch.lastOffset)}, ${bytes(batch.sizeBytes)}: ${marksInWords(batch)}`,
          kind: batchKind(batch),
          letters: lettersOf(batch),
        })))}
        ${marksLegend()}
        ${batchTable(batches, within)}
      </section>
      <section>
        <h2>Files</h2>
        ${table([
          {head: 'File', cell: file => html`<code>${file.name}</code>`},
          {head: 'Size', number: true, cell: file => bytes(file.sizeBytes)},
          {head: '', cell: file => file.name.endsWith('.log') ? html`<a href=${segment.links.file} download=${file.name}>Download</a>` : nothing},
        ], segment.files)}
      </section>`;
  },
};

function about({params: {topic, partition, base}}) {
  return path('topics', topic, 'partitions', partition, 'segments', base);
}

function batches({params: {topic, partition, base}, query}) {
  return withQuery(path('topics', topic, 'partitions', partition, 'batches'), {from: query.from ?? base, limit: PAGE});
}

function batchTable(batches, within) {
  return table([
    {head: 'Offsets', cell: batch => batch.lastOffset === batch.baseOffset ? count(batch.baseOffset) : `${count(batch.baseOffset)}–${count(batch.lastOffset)}`},
    {head: 'Kind', cell: batchMarks},
    {head: 'Records', number: true, cell: batch => count(batch.recordCount)},
    {head: 'Size', number: true, cell: batch => bytes(batch.sizeBytes)},
    {head: 'At byte', number: true, minor: true, cell: batch => count(batch.filePosition ?? batch.damaged?.position)},
    {head: 'Newest record', minor: true, cell: batch => when(batch.maxTimestamp)},
    {head: 'Producer', number: true, minor: true, cell: batch => batch.producerId >= 0 ? `${batch.producerId}:${batch.producerEpoch}` : '–', title: 'Id and epoch'},
    {head: 'Sequence', number: true, minor: true, cell: batch => batch.baseSequence >= 0 ? count(batch.baseSequence) : '–'},
  ], batches, {
    href: batch => to(...within, 'batches', batch.baseOffset),
    mark: batch => batchKind(batch) === 'bad' ? 'wrong' : '',
    empty: html`<p class="muted">No batches here. What was in this segment is compacted away or deleted.</p>`,
  });
}

function damage(ranges) {
  return html`<section class="problem"><h2>Damaged ranges</h2>
    <ul>${ranges.map(range => html`<li>Offsets ${count(range.firstOffset)} to ${count(range.nextOffset - 1)},
      ${bytes(range.sizeBytes)} from byte ${count(range.position)}: ${range.reason}</li>`)}</ul>
  </section>`;
}
