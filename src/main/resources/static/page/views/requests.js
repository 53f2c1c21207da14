// Requests as they pass: what was asked, what came of it, and where the time went.
import {html, nothing} from '../lit.js';
import {path, withQuery} from '../api.js';
import {toWith} from '../router.js';
import {follow} from '../parts/events.js';
import {exchangeTable, timesLegend} from '../parts/exchanges.js';
import {bytes, count, micros, short} from '../parts/format.js';
import {paced} from '../parts/paced.js';
import {problemNote} from '../parts/problem.js';
import {Rate} from '../parts/rate.js';
import {sparkline} from '../parts/sparkline.js';
import {streamBar} from '../parts/streambar.js';

// So many rows are kept, whatever comes.
const ROWS = 150;
const CONDITIONS = [['client', 'Client'], ['api', 'API', 'Produce'], ['topic', 'Topic'], ['error', 'Error', 'any'], ['slowerThanMs', 'Slower than, ms', '100']];

export const requests = {
  path: '/requests',
  nav: 'Requests',
  title: () => 'Requests',
  calls: context => [withQuery(path('requests'), {...conditions(context), limit: 100}), stream(context)],

  start(context) {
    const {state, signal} = context;
    Object.assign(state, {rows: [], seen: 0, dropped: 0, rate: new Rate(), line: 'connecting'});
    const soon = paced(context.update, signal);
    state.stream = follow(stream(context), signal, {
      on: events => { events.forEach(event => take(state, event)); soon(); },
      changed: (line, problem) => {
        Object.assign(state, {line, problem}, line === 'open' ? {ended: undefined} : {});
        soon();
      },
    });
    const timer = setInterval(() => { if (state.line === 'open') { soon(); } }, 1000);
    signal.addEventListener('abort', () => clearInterval(timer), {once: true});
  },

  render(context) {
    const {state} = context;
    return html`
      ${filter(context)}
      ${streamBar(context, html`
        <span><strong data-seen>${count(state.seen)}</strong> ${state.seen === 1 ? 'request' : 'requests'}</span>
        <span><strong>${short(state.rate?.now() ?? 0)}</strong>/s</span>
        <span class=${state.dropped ? 'bad' : ''} title="Made room before they could be shown"><strong data-dropped>${count(state.dropped)}</strong> dropped</span>
        <span class="lagline">${sparkline(state.rate?.values() ?? [], {label: 'Requests in each of the last 60 seconds'})}</span>
        <label><input type="checkbox" .checked=${context.query.bodies === 'true'} @change=${event => go({...context.query, bodies: event.target.checked || undefined})}> with bodies</label>`)}
      ${state.problem ? problemNote(state.problem, false) : nothing}
      ${state.ended ? html`<p class="note">${state.ended}</p>` : nothing}
      ${state.chosen ? chosen(context) : nothing}
      <section aria-label="Requests">
        ${exchangeTable(state.rows?.slice(0, ROWS) ?? [], {choose: item => { state.chosen = item; context.update(); }, chosen: state.chosen?.id})}
        ${state.rows?.length ? timesLegend() : nothing}
      </section>`;
  },
};

function conditions({query}) {
  return Object.fromEntries(CONDITIONS.map(([name]) => [name, query[name]]).filter(([, value]) => value));
}

function stream(context) {
  return withQuery(`${path('requests')}/stream`, {...conditions(context), from: 'earliest', bodies: context.query.bodies});
}

function take(state, {event, data}) {
  if (event === 'exchange') {
    state.seen++;
    // Those that are kept from before come first, all at once: they are no rate.
    if (Date.now() - data.timestamp - data.times.total < 3_000) {
      state.rate.add(1);
    }
    state.rows.unshift(data);
    if (state.rows.length > 2 * ROWS) {
      state.rows.length = ROWS;
    }
  } else if (event === 'dropped') {
    state.dropped += data.exchanges;
  } else if (event === 'end') {
    state.ended = data?.reason ?? 'There will be no more.';
  }
}

function filter(context) {
  const {query} = context;
  return html`<form class="tools fill" @submit=${event => { event.preventDefault(); go({...Object.fromEntries(new FormData(event.target)), bodies: query.bodies}); }}>
    ${CONDITIONS.map(([name, label, hint]) => html`<label>${label}
      <input type="text" class="short" name=${name} .value=${query[name] ?? ''} placeholder=${hint ?? nothing} autocomplete="off" spellcheck="false"></label>`)}
    <button type="submit">Filter</button>
    ${Object.keys(conditions(context)).length ? html`<a href="#/requests">Show all</a>` : nothing}
  </form>`;
}

function go(query) {
  location.hash = toWith(['requests'], query);
}

/** The one that is looked at; it stays, whatever comes. */
function chosen(context) {
  const {state, query} = context;
  const item = state.chosen;
  return html`<section class="note chosen" aria-label="The chosen request">
    <p class="tools"><strong>${item.api}</strong> <small>v${item.version}, #${item.correlationId}, id ${item.id}</small>
      <span>${['queue', 'local', 'waiting', 'send'].map(part => html`<span class="tag">${part} ${micros(item.times[part] * 1000)}</span> `)}</span>
      <span class="muted">${bytes(item.requestBytes)} in, ${bytes(item.responseBytes)} out, ${item.end}</span>
      <button type="button" class="quiet" @click=${() => { state.chosen = undefined; context.update(); }}>Close</button></p>
    ${item.bodies
      ? html`<div class="columns wide">${['request', 'response'].map(side => html`<section><h2>${side}</h2><pre class="payload" tabindex="0">${JSON.stringify(item.bodies[side] ?? null, null, 2)}</pre></section>`)}</div>
        ${item.bodies.undecoded ? html`<p class="bad">${item.bodies.undecoded}</p>` : nothing}`
      : query.bodies === 'true' ? html`<p class="muted">It has no bodies: they were not kept.</p>`
      : html`<p class="muted">With bodies, request and answer are shown field by field.</p>`}
  </section>`;
}
