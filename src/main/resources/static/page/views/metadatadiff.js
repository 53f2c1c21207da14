// What is different between two offsets of the metadata log.
import {html, nothing} from '../lit.js';
import {BASE, withQuery} from '../api.js';
import {toWith} from '../router.js';
import {count} from '../parts/format.js';
import {table} from '../parts/table.js';

const LIMIT = 500;
const ACTIONS = {ADDED: ['+', 'came'], REMOVED: ['−', 'went'], CHANGED: ['~', 'changed']};

export const metadatadiff = {
  path: '/metadata/diff',
  door: 'Difference',
  title: () => 'Difference of two offsets',
  trail: () => [['Metadata log', '#/metadata']],
  calls: context => [call(context)],
  load: context => context.get(call(context)),

  render({data: {from, to, total, items}}) {
    return html`
      <form class="tools fill" @submit=${event => { event.preventDefault(); go(event.target.elements); }}>
        <label>From offset <input type="number" name="from" min="0" .value=${String(from)}></label>
        <label>to <input type="number" name="to" min="0" .value=${String(to)}></label>
        <button type="submit">Compare</button>
        <span class="muted" role="status">${count(total)} ${total === 1 ? 'difference' : 'differences'}</span>
      </form>
      <section>${table([
        {head: '', cell: item => action(item)},
        {head: 'What', cell: item => item.kind},
        {head: 'Which', cell: item => html`<span class="name"><strong>${item.subject}</strong>${item.field ? html` <code>${item.field}</code>` : nothing}</span>`},
        {head: `Before offset ${from}`, grow: true, cell: item => value(item.before)},
        {head: `Before offset ${to}`, grow: true, cell: item => value(item.after)},
      ], items, {empty: html`<p class="muted">There is no difference.</p>`})}
      ${items.length < total ? html`<p class="muted">The first ${count(items.length)}; the others are in the JSON with a higher <code>limit</code>.</p>` : nothing}</section>`;
  },
};

function call({query}) {
  return withQuery(`${BASE}/internal/cluster-metadata/diff`, {from: query.from, to: query.to, limit: LIMIT});
}

function go({from, to}) {
  location.hash = toWith(['metadata', 'diff'], {from: from.value, to: to.value});
}

function action(item) {
  const [sign, word] = ACTIONS[item.action] ?? ['~', item.action.toLowerCase()];
  return html`<span class="change nowrap ${word}"><span class="letter" aria-hidden="true">${sign}</span> ${word}</span>`;
}

function value(found) {
  if (found === null || found === undefined) {
    return html`<span class="muted">–</span>`;
  }
  return html`<code>${typeof found === 'string' ? found : JSON.stringify(found)}</code>`;
}
