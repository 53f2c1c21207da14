// One connection: who it is, what it has asked, and a way to close it.
import {html, nothing} from '../lit.js';
import {path, send, withQuery} from '../api.js';
import {to} from '../router.js';
import {confirmed} from '../parts/confirm.js';
import {bytes, count} from '../parts/format.js';
import {facts} from '../parts/facts.js';
import {software} from '../parts/software.js';
import {exchangeTable, timesLegend} from '../parts/exchanges.js';
import {when} from '../parts/when.js';

const LAST = 50;

export const connection = {
  path: '/connections/:connection',
  everyMs: 2000,
  title: ({params}) => `Connection ${params.connection}`,
  trail: () => [['Connections', '#/connections']],
  calls: ({params: {connection}, state}) => [
    path('connections', connection), requestsOf(connection), ...(state.gone ? [] : [{method: 'DELETE', path: path('connections', connection)}]),
  ],

  // What is closed can't be asked about any more, and what it was stays in view.
  async load(context) {
    const id = context.params.connection;
    const [about, requests] = await Promise.all([
      context.state.gone ? context.data.about : context.get(path('connections', id)),
      context.get(requestsOf(id)),
    ]);
    return {about, requests: requests.items};
  },

  render(context) {
    const {about, requests} = context.data;
    return html`
      <section>${facts([
        ['Client', about.clientIds.join(', ') || 'no name yet'],
        ['Software', software(about)],
        ['From', html`<code>${about.address}</code>`],
        ['To', html`<code>${about.localAddress}</code>`, about.listener],
        ['Principal', about.principal],
        ['Open since', when(about.opened)],
        ['Requests', count(about.requests), about.inFlight ? `${count(about.inFlight)} in flight` : undefined],
        ['In', bytes(about.bytesIn)],
        ['Out', bytes(about.bytesOut)],
        about.group === undefined ? undefined : ['Group', html`<a href=${to('groups', about.group)}>${about.group}</a>`],
        about.transactionalId === undefined ? undefined : ['Transactions', html`<a href=${to('transactions', about.transactionalId)}>${about.transactionalId}</a>`],
        about.paused ? ['Not read from', html`<strong>${about.paused}</strong>`] : undefined,
      ])}
      <div class="act">${confirmed(context, context.state.close ??= {}, {
        ask: 'Close it…',
        explain: 'What the client has sent may have been done; what it was not told, it does not know. Most clients connect again at once.',
        confirm: 'Close it',
        done: html`Closed. <a href="#/errors?closed=true">Errors explained</a> tells of it, too.`,
        act: async () => {
          // From now on it may be gone when it is asked about.
          context.state.gone = true;
          try {
            await send('DELETE', path('connections', about.id));
          } catch (problem) {
            context.state.gone = false;
            throw problem;
          }
        },
      })}</div></section>
      <section>
        <h2>Its last requests</h2>
        ${exchangeTable(requests, {withClient: false})}
        ${requests.length ? timesLegend() : nothing}
      </section>`;
  },
};

function requestsOf(connection) {
  return withQuery(path('requests'), {connection, limit: LAST});
}
