// The records of a partition, a page at a time.
import {html} from '../lit.js';
import {path, withQuery} from '../api.js';
import {to, toWith} from '../router.js';
import {count} from '../parts/format.js';
import {jump} from '../parts/jump.js';
import {recordTable} from '../parts/records.js';

const PAGE = 100;
const VALUE_BYTES = 200;

export const records = {
  path: '/topics/:topic/partitions/:partition/records',
  title: () => 'Records',
  trail: ({params: {topic, partition}}) => [
    ['Topics', '#/topics'], [topic, to('topics', topic)], [`Partition ${partition}`, to('topics', topic, 'partitions', partition)],
  ],
  calls: context => [call(context)],

  async load(context) {
    const {topic, partition} = context.params;
    const [page, about] = await Promise.all([
      context.get(call(context), {exact: true}),
      context.get(path('topics', topic, 'partitions', partition)),
    ]);
    return {page, about};
  },

  render: ({params: {topic, partition}, query, data: {page, about}}) => {
    const within = ['topics', topic, 'partitions', partition];
    const from = Number(query.from ?? about.logStartOffset);
    return html`
      ${jump({
        from, first: about.logStartOffset, end: about.logEndOffset, page: PAGE, next: nextOffset(page),
        href: offset => toWith([...within, 'records'], {from: offset}),
      })}
      ${recordTable(page.items, within, html`<p class="muted">No records from offset ${count(from)} on.</p>`)}`;
  },
};

function call({params: {topic, partition}, query}) {
  return withQuery(path('topics', topic, 'partitions', partition, 'records'), {from: query.from, limit: PAGE, maxValueBytes: VALUE_BYTES});
}

function nextOffset(page) {
  return page.next ? new URL(page.next, location.href).searchParams.get('from') : undefined;
}
