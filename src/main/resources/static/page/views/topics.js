// All topics by name.
import {html} from '../lit.js';
import {path} from '../api.js';
import {to} from '../router.js';
import {bytes, count} from '../parts/format.js';
import {firstSteps} from '../parts/firststeps.js';
import {more} from '../parts/more.js';
import {table} from '../parts/table.js';
import {weight} from '../parts/weight.js';

const STEP = 200;

export const topics = {
  path: '/topics',
  nav: 'Topics',
  everyMs: 5000,
  title: () => 'Topics',
  calls: () => [path('topics')],

  async load(context) {
    const [{items}, cluster] = await Promise.all([context.get(path('topics')), context.data?.cluster ?? context.get(path('cluster'))]);
    return {items, cluster};
  },

  render(context) {
    const {data: {items, cluster}, state} = context;
    const wanted = items.filter(topic => topic.name.toLowerCase().includes((state.filter ?? '').toLowerCase()));
    const own = wanted.filter(topic => !topic.internal);
    const internal = wanted.filter(topic => topic.internal);
    return html`
      <div class="tools">
        <label>Find <input type="search" .value=${state.filter ?? ''} autocomplete="off" spellcheck="false"
          @input=${event => { state.filter = event.target.value; state.shown = STEP; context.update(); }}></label>
        <span class="muted" role="status">${count(own.length)} ${own.length === 1 ? 'topic' : 'topics'}</span>
      </div>
      ${items.some(topic => !topic.internal) ? listing(context, own) : firstSteps(cluster.brokers[0])}
      <section>
        <h2>Kafka’s own</h2>
        ${listing(context, internal)}
      </section>`;
  },
};

function listing(context, topics) {
  const shown = context.state.shown ?? STEP;
  const largest = Math.max(...topics.map(topic => topic.sizeBytes), 1);
  return html`
    ${table([
      {head: 'Name', cell: topic => topic.name, grow: true},
      {head: 'Partitions', number: true, minor: true, cell: topic => count(topic.partitions)},
      {head: 'Records', number: true, cell: topic => count(topic.records)},
      {head: 'Size', number: true, cell: topic => html`${bytes(topic.sizeBytes)}`},
      {head: '', minor: true, cell: topic => weight(topic.sizeBytes / largest)},
    ], topics.slice(0, shown), {href: topic => to('topics', topic.name), empty: html`<p class="muted">None has such a name.</p>`})}
    ${more(topics.length, shown, () => { context.state.shown = shown + STEP; context.update(); })}`;
}
