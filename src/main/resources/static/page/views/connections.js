// Open connections of Kafka clients.
import {html, nothing} from '../lit.js';
import {path, withQuery} from '../api.js';
import {to} from '../router.js';
import {ago, bytes, count} from '../parts/format.js';
import {software} from '../parts/software.js';
import {table} from '../parts/table.js';

const STEP = 200;

export const connections = {
  path: '/connections',
  nav: 'Connections',
  everyMs: 2000,
  title: () => 'Connections',
  calls: context => [call(context)],
  load: context => context.get(call(context)),

  render(context) {
    const {data: {items, next}, state} = context;
    const filter = (state.filter ?? '').toLowerCase();
    const found = items.filter(item => `${item.clientIds.join(' ')} ${item.address} ${item.group ?? ''} ${item.transactionalId ?? ''}`.toLowerCase().includes(filter));
    return html`
      <div class="tools">
        <label>Find <input type="search" .value=${state.filter ?? ''} placeholder="client, address, group" autocomplete="off" spellcheck="false"
          @input=${event => { state.filter = event.target.value; context.update(); }}></label>
        <span class="muted" role="status">${count(found.length)} ${found.length === 1 ? 'connection' : 'connections'}</span>
      </div>
      <section>${listing(found)}
        ${next ? html`<p><button type="button" @click=${() => { state.limit = limit(context) + STEP; context.reload(); }}>Show more</button></p>` : nothing}</section>`;
  },
};

function limit({state}) {
  return state.limit ?? STEP;
}

function call(context) {
  return withQuery(path('connections'), {limit: limit(context)});
}

function listing(items) {
  return table([
    {head: 'Connection', cell: item => `#${item.id}`},
    {head: 'Client', grow: true, cell: item => html`<span class="name">${item.clientIds.join(', ') || html`<span class="muted">no name yet</span>`}</span>
      ${item.paused ? html`<span class="tag open">not read: ${item.paused}</span>` : nothing}`},
    {head: 'Software', minor: true, cell: item => html`<span class="nowrap">${software(item)}</span>`},
    {head: 'From', cell: item => html`<code class="nowrap">${item.address}</code>`},
    {head: 'For', minor: true, cell: item => item.group !== undefined ? html`group <a href=${to('groups', item.group)}>${item.group}</a>`
      : item.transactionalId !== undefined ? html`transactions of <a href=${to('transactions', item.transactionalId)}>${item.transactionalId}</a>` : ''},
    {head: 'In flight', number: true, cell: item => html`${count(item.inFlight)}${item.waitingFetches ? html` <small>waits</small>` : nothing}`},
    {head: 'Requests', number: true, minor: true, cell: item => count(item.requests)},
    {head: 'In', number: true, minor: true, cell: item => bytes(item.bytesIn)},
    {head: 'Out', number: true, minor: true, cell: item => bytes(item.bytesOut)},
    {head: 'Last request', number: true, cell: item => item.lastRequestIso ? ago(Date.parse(item.lastRequestIso)) : '–'},
  ], items, {href: item => to('connections', item.id), empty: html`<p class="muted">Nobody is connected.</p>`});
}
