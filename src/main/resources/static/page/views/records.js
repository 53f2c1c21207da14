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

  render(context) {
    const {params: {topic, partition}, query, data: {page, about}} = context;
    const within = ['topics', topic, 'partitions', partition];
    const from = Number(query.from ?? about.logStartOffset);
    return html`
      ${jump({
        from, first: about.logStartOffset, end: about.logEndOffset, page: PAGE, next: nextOffset(page),
        href: offset => toWith([...within, 'records'], {from: offset}),
      })}
      ${timeSearch(context)}
      ${recordTable(page.items, within, html`<p class="muted">No records from offset ${count(from)} on.</p>`)}`;
  },
};

function call({params: {topic, partition}, query}) {
  return withQuery(path('topics', topic, 'partitions', partition, 'records'), {from: query.from, limit: PAGE, maxValueBytes: VALUE_BYTES});
}

function timeSearch(context) {
  return html`<form class="tools" @submit=${event => { event.preventDefault(); find(context, event.target.elements.at.value); }}>
    <label>From time <input type="datetime-local" name="at" step="1" required></label>
    <button type="submit">Find</button>
    <span class="bad" role="status">${context.state.said}</span>
  </form>`;
}

/** The first record of that time or later. */
async function find({params: {topic, partition}, state, get, update}, local) {
  try {
    const at = new Date(local).getTime();
    const {offset} = await get(withQuery(path('topics', topic, 'partitions', partition, 'offsets'), {at}));
    if (offset !== null) {
      location.hash = toWith(['topics', topic, 'partitions', partition, 'records'], {from: offset});
      return;
    }
    state.said = 'All records are older.';
  } catch (problem) {
    state.said = problem.message;
  }
  update();
}

function nextOffset(page) {
  return page.next ? new URL(page.next, location.href).searchParams.get('from') : undefined;
}
