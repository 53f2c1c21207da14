// One record: its permalink, in the format that one likes.
import {html, nothing} from '../lit.js';
import {path, withQuery} from '../api.js';
import {to, toWith} from '../router.js';
import {copyButton} from '../parts/copy.js';
import {ago, bytes, count} from '../parts/format.js';
import {facts} from '../parts/facts.js';
import {block, inline, textOf} from '../parts/payload.js';
import {table} from '../parts/table.js';
import {when} from '../parts/when.js';

const FORMATS = ['auto', 'json', 'utf8', 'hex', 'base64'];
const NAMES = {base64: 'binary', utf8: 'text', json: 'JSON'};
const BYTES = 65_536;
const MANY_BYTES = 1_048_576;

export const record = {
  path: '/topics/:topic/partitions/:partition/records/:offset',
  title: ({params}) => `Record ${count(Number(params.offset))}`,
  trail: ({params: {topic, partition, offset}}) => [
    ['Topics', '#/topics'], [topic, to('topics', topic)], [`Partition ${partition}`, to('topics', topic, 'partitions', partition)],
    ['Records', toWith(['topics', topic, 'partitions', partition, 'records'], {from: offset})],
  ],
  calls: context => [call(context)],

  async load(context) {
    const {topic, partition} = context.params;
    const [found, about] = await Promise.all([
      context.get(call(context), {exact: true}),
      context.get(path('topics', topic, 'partitions', partition)),
    ]);
    return {record: found, about};
  },

  render(context) {
    const {params: {topic, partition, offset}, data: {record, about}} = context;
    const within = ['topics', topic, 'partitions', partition];
    const at = Number(offset);
    return html`
      <nav class="tools" aria-label="Neighbours">
        ${neighbour(at > about.logStartOffset, [...within, 'records', at - 1], '← Record before')}
        ${neighbour(at + 1 < about.logEndOffset, [...within, 'records', at + 1], 'Record after →')}
        <a class="button" href=${to(...within, 'batches', offset)}>Its batch, byte by byte</a>
      </nav>
      <section>${facts([
        ['Time', when(record.timestamp), record.timestamp >= 0 ? ago(record.timestamp) : ''],
        ['Size', bytes(record.size)],
        ['Headers', count(record.headerCount)],
        record.control ? ['Control record', html`<span class="tag">${record.control.type}</span>`] : undefined,
      ])}</section>
      ${payload(context, 'Key', 'keyFormat', record.key, record.links.key)}
      ${payload(context, 'Value', 'valueFormat', record.value, record.links.value)}
      ${record.headers?.length ? html`<section><h2>Headers</h2>${table([
        {head: 'Name', cell: header => html`<code>${header.key}</code>`},
        {head: 'Value', cell: header => inline(header.value)},
      ], record.headers)}</section>` : nothing}`;
  },
};

function call({params: {topic, partition, offset}, query}) {
  return withQuery(path('topics', topic, 'partitions', partition, 'records', offset), {
    keyFormat: query.keyFormat, valueFormat: query.valueFormat, maxValueBytes: query.maxValueBytes ?? BYTES,
  });
}

function neighbour(there, parts, text) {
  return there ? html`<a class="button" href=${to(...parts)}>${text}</a>` : html`<span class="button off" aria-disabled="true">${text}</span>`;
}

function kindOf({type, version, format}) {
  return type ? `${type} version ${version}` : NAMES[format] ?? format;
}

function payload({params: {topic, partition, offset}, query}, name, parameter, content, download) {
  const here = more => toWith(['topics', topic, 'partitions', partition, 'records', offset], {...query, ...more});
  const chosen = query[parameter] ?? 'auto';
  return html`<section aria-label=${name}>
    <h2>${name} ${content ? html`<small>${bytes(content.size)}, ${kindOf(content)}</small>` : nothing}</h2>
    ${content ? html`<p class="tools">
      <span class="choice" role="group" aria-label="Format of the ${name.toLowerCase()}">${FORMATS.map(format => html`
        <a class="button" href=${here({[parameter]: format === 'auto' ? undefined : format})} aria-current=${format === chosen ? 'true' : 'false'}>${format}</a>`)}</span>
      ${content.size ? copyButton(() => textOf(content)) : nothing}
      ${download ? html`<a href=${download} download>Download</a>` : nothing}
      ${content.truncated && !(query.maxValueBytes >= MANY_BYTES) ? html`<a href=${here({maxValueBytes: MANY_BYTES})}>Show up to ${bytes(MANY_BYTES)}</a>` : nothing}
    </p>` : nothing}
    ${block(content, chosen)}
  </section>`;
}
