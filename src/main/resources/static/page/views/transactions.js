// All transactional ids, and which have a transaction open.
import {html, nothing} from '../lit.js';
import {path, withQuery} from '../api.js';
import {to} from '../router.js';
import {count, duration} from '../parts/format.js';
import {nameOf} from '../parts/ids.js';
import {table} from '../parts/table.js';
import {weight} from '../parts/weight.js';
import {when} from '../parts/when.js';

const STEP = 100;

export const transactions = {
  path: '/transactions',
  nav: 'Transactions',
  everyMs: 2000,
  title: () => 'Transactions',
  calls: context => [call(context)],
  load: context => context.get(call(context)),

  render(context) {
    const {data: {items, total, next}, state} = context;
    return html`
      <div class="tools">
        <label><input type="checkbox" .checked=${Boolean(state.open)} @change=${event => { state.open = event.target.checked; context.reload(); }}> Only those that are open</label>
        <span class="muted" role="status">${state.open ? `${count(items.length)} open` : `${count(total ?? items.length)} ${total === 1 ? 'transactional id' : 'transactional ids'}`}</span>
      </div>
      <section>${table([
        {head: 'Transactional id', cell: item => nameOf(item.transactionalId), grow: true},
        {head: 'State', cell: item => stateOf(item)},
        {head: 'Open for', number: true, cell: item => item.open ? duration(item.openMs) : html`<span class="muted">–</span>`},
        {head: 'of its time', minor: true, cell: item => item.open ? html`<span title="of ${duration(item.timeoutMs)}, after which it is aborted">${weight(Math.min(1, item.openMs / item.timeoutMs))}</span>` : nothing},
        {head: 'Partitions', number: true, cell: item => count(item.partitionCount)},
        {head: 'Producer', number: true, minor: true, cell: item => html`${item.producerId} <small>epoch ${item.producerEpoch}</small>`},
        {head: 'Last change', minor: true, cell: item => when(item.lastUpdateIso && Date.parse(item.lastUpdateIso))},
      ], items, {
        href: item => item.transactionalId === '' ? undefined : to('transactions', item.transactionalId),
        empty: html`<p class="muted">${state.open ? 'None is open.' : html`None yet. A producer with a <code>transactional.id</code> makes one.`}</p>`,
      })}
      ${next ? html`<p><button type="button" @click=${() => { state.limit = limit(context) + STEP; context.reload(); }}>Show more</button></p>` : nothing}</section>`;
  },
};

function limit({state}) {
  return state.limit ?? STEP;
}

function call(context) {
  return withQuery(path('transactions'), {openForMs: context.state.open ? 0 : undefined, limit: limit(context)});
}

function stateOf({state, open}) {
  return html`<span class="tag ${open ? 'open' : 'none'}">${state}</span>`;
}
