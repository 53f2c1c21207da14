// The metadata as they were at an offset of their log.
import {html, nothing} from '../lit.js';
import {BASE, withQuery} from '../api.js';
import {to, toWith} from '../router.js';
import {count} from '../parts/format.js';
import {facts} from '../parts/facts.js';
import {table} from '../parts/table.js';

const STEP = 200;

export const metadataimage = {
  path: '/metadata/image',
  door: 'As it was',
  title: ({query}) => query.at === undefined ? 'Metadata now' : `Metadata before offset ${query.at}`,
  trail: () => [['Metadata log', '#/metadata']],
  calls: context => [call(context)],
  load: context => context.get(call(context)),

  render(context) {
    const {data: image, state} = context;
    const topics = image.topics.slice(0, state.shown ?? STEP);
    return html`
      <form class="tools fill" @submit=${event => { event.preventDefault(); location.hash = toWith(['metadata', 'image'], {at: event.target.elements.at.value}); }}>
        <label>Before offset <input type="number" name="at" min="0" .value=${String(image.at)}></label>
        <button type="submit">Show</button>
        <a href=${toWith(['metadata', 'diff'], {from: image.appliedOffset})}>What is different now</a>
      </form>
      <section>${facts([
        ['Contains all before', count(image.appliedOffset), image.appliedOffset === image.at ? undefined : 'where the last whole batch ended'],
        ['Read from the checkpoint', count(image.checkpointOffset)],
        ['Next producer id', count(image.nextProducerId)],
        ...Object.entries(image.totals).map(([name, number]) => [name, count(number)]),
      ])}</section>
      <section>
        <h2>Topics</h2>
        ${table([
          {head: 'Topic', cell: topic => topic.name, grow: true},
          {head: 'Partitions', number: true, cell: topic => count(topic.partitions.length)},
          {head: 'Id', minor: true, cell: topic => html`<code>${topic.id}</code>`},
          {head: 'Configs', grow: true, cell: topic => configs(topic.configs)},
        ], topics, {href: topic => to('topics', topic.name), empty: html`<p class="muted">There were none.</p>`})}
        ${image.topics.length > topics.length
          ? html`<p><button type="button" @click=${() => { state.shown = topics.length + STEP; context.update(); }}>Show more (${count(image.topics.length - topics.length)} are left)</button></p>` : nothing}
      </section>
      <div class="columns wide">
        <section><h2>Features</h2>${pairs(image.features, 'Feature', 'Level')}</section>
        <section><h2>Configs set elsewhere</h2>${table([
          {head: 'Of', cell: ([name]) => name.trim()},
          {head: 'Configs', grow: true, cell: ([, set]) => configs(set)},
        ], Object.entries(image.configs), {empty: html`<p class="muted">None.</p>`})}</section>
      </div>`;
  },
};

function call({query}) {
  return withQuery(`${BASE}/internal/cluster-metadata/image`, {at: query.at});
}

function configs(set) {
  const names = Object.keys(set);
  return names.length ? html`<code>${names.map(name => `${name}=${set[name]}`).join(' ')}</code>` : html`<span class="muted">–</span>`;
}

function pairs(object, name, value) {
  return table([
    {head: name, cell: ([key]) => html`<code>${key}</code>`, grow: true},
    {head: value, number: true, cell: ([, found]) => found},
  ], Object.entries(object));
}
