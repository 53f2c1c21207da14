// One batch: what it is, how it is found, and every byte of it.
import {html, nothing} from '../lit.js';
import {path, withQuery} from '../api.js';
import {to, toWith} from '../router.js';
import {dissect} from '../parts/anatomy.js';
import {batchMarks} from '../parts/batchmarks.js';
import {bytes, count} from '../parts/format.js';
import {facts} from '../parts/facts.js';
import {hexView} from '../parts/hexview.js';
import {when} from '../parts/when.js';

const RECORDS = 30;
const BYTES = 256;
const MANY_BYTES = 65_536;

export const batch = {
  path: '/topics/:topic/partitions/:partition/batches/:offset',
  title: ({params, data}) => data ? `Batch ${range(data.batch)}` : `Batch at ${count(Number(params.offset))}`,
  trail: ({params: {topic, partition}, data}) => [
    ['Topics', '#/topics'], [topic, to('topics', topic)], [`Partition ${partition}`, to('topics', topic, 'partitions', partition)],
    ...(data ? [segmentOf(topic, partition, data.batch)] : []),
  ],
  calls: context => ['annotate=true', 'format=hex', 'format=raw'].map(form => call(context).replace('annotate=true', form)),

  async load(context) {
    const {topic, partition} = context.params;
    const [found, about] = await Promise.all([
      context.get(call(context)),
      context.get(path('topics', topic, 'partitions', partition)),
    ]);
    return {batch: found, about, parts: dissect(found.anatomy)};
  },

  render({params: {topic, partition, offset}, query, data: {batch, about, parts}}) {
    const within = ['topics', topic, 'partitions', partition];
    const next = batch.anatomy.nextRecord;
    const here = more => toWith([...within, 'batches', offset], {...query, ...more});
    return html`
      <nav class="tools" aria-label="Neighbours">
        ${neighbour(batch.baseOffset > about.logStartOffset, [...within, 'batches', batch.baseOffset - 1], '← Batch before')}
        ${neighbour(batch.lastOffset + 1 < about.logEndOffset, [...within, 'batches', batch.lastOffset + 1], 'Batch after →')}
        <a class="button" href=${batch.links.raw} download>Download ${bytes(batch.sizeBytes)}</a>
        <a class="button" href=${batch.links.hex} target="_blank" rel="noopener">As text</a>
      </nav>
      <section>${facts([
        ['Kind', batchMarks(batch)],
        ['Records', count(batch.recordCount)],
        ['Size', bytes(batch.sizeBytes), packed(batch.anatomy.compression)],
        batch.crcValid
          ? ['Checksum', html`✓ <code>${hex(batch.crc)}</code>`]
          : ['Checksum', html`<strong class="bad">✕ <code>${hex(batch.crc)}</code></strong>`, `its bytes have ${hex(batch.computedCrc)}`],
        ['Records from', when(batch.baseTimestamp), batch.timestampType],
        ['to', when(batch.maxTimestamp)],
        batch.producerId >= 0 ? ['Producer', `${batch.producerId}`, `epoch ${batch.producerEpoch}, sequence ${batch.baseSequence}`] : undefined,
        batch.transaction ? ['Transaction', batch.transaction.toLowerCase()] : undefined,
      ])}
      <p class="found">${searched(batch)}</p></section>
      ${batch.anatomy.problem
        ? html`<p class="problem">From byte ${count(batch.anatomy.problem.position)} on it makes no sense: ${batch.anatomy.problem.reason}</p>`
        : nothing}
      <section>
        <h2>Every byte</h2>
        ${hexView(parts, group => group.index === undefined ? nothing : recordLink(within, recordOffset(batch, group)))}
        <p class="tools">
          ${query.recordsFrom > 0
            ? html`<a class="button" href=${here({recordsFrom: Math.max(0, query.recordsFrom - RECORDS)})}>← Records before</a>`
            : nothing}
          ${next !== undefined
            ? html`<a class="button" href=${here({recordsFrom: next})}>Records from ${count(next)} of ${count(batch.recordCount)} →</a>`
            : nothing}
          ${isCut(batch)
            ? html`<a class="button" href=${here({maxValueBytes: MANY_BYTES})}>Up to ${bytes(MANY_BYTES)} of each field</a>`
            : nothing}
        </p>
      </section>`;
  },
};

function call({params: {topic, partition, offset}, query}) {
  const many = Number(query.maxValueBytes) > BYTES;
  return withQuery(path('topics', topic, 'partitions', partition, 'batches', offset), {
    annotate: true, recordsFrom: query.recordsFrom, limit: many ? 3 : RECORDS, maxValueBytes: many ? MANY_BYTES : BYTES,
  });
}

function segmentOf(topic, partition, {segment, baseOffset}) {
  return [`Segment ${count(segment)}`, toWith(['topics', topic, 'partitions', partition, 'segments', segment], {from: baseOffset})];
}

function recordLink(within, offset) {
  return html`<a href=${to(...within, 'records', offset)}>offset ${count(offset)}</a>`;
}

function range({baseOffset, lastOffset}) {
  return baseOffset === lastOffset ? count(baseOffset) : `${count(baseOffset)}–${count(lastOffset)}`;
}

function neighbour(there, parts, text) {
  return there ? html`<a class="button" href=${to(...parts)}>${text}</a>` : html`<span class="button off" aria-disabled="true">${text}</span>`;
}

function hex(crc) {
  return crc.toString(16).padStart(8, '0');
}

function packed(compression) {
  return compression ? `${compression.codec}: ${bytes(compression.uncompressedBytes)} became ${bytes(compression.compressedBytes)}` : '';
}

/** The delta that the record has stored, which compaction leaves as it was. */
function recordOffset(batch, group) {
  return batch.baseOffset + (group.fields.find(field => field.name === 'offsetDelta')?.value ?? 0);
}

function searched({search, filePosition, segment}) {
  const entry = search?.indexEntry;
  const begin = entry ? `index entry ${count(entry.offset)}, at byte ${count(entry.position)}` : 'the beginning of the segment';
  const walk = search?.bytesWalked ? `, and walks over ${bytes(search.bytesWalked)} of batches` : '';
  return `A search for it begins at ${begin}${walk}. It lies at byte ${count(filePosition)} of segment ${count(segment)}.`;
}

function isCut({anatomy}) {
  return [...anatomy.fields, ...anatomy.records.flatMap(record => record.fields)]
    .some(field => field.truncated && field.hex.length / 3 < MANY_BYTES - 1);
}
