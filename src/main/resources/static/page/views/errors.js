// Every error that was answered, and why.
import {html, nothing, repeat} from '../lit.js';
import {path, withQuery} from '../api.js';
import {toWith} from '../router.js';
import {count} from '../parts/format.js';
import {nameOf, viewOf} from '../parts/ids.js';
import {when} from '../parts/when.js';

const STEP = 50;
const CONDITIONS = [['client', 'Client', 'name or name*'], ['api', 'API', 'Produce'], ['topic', 'Topic'], ['error', 'Error', 'CORRUPT_MESSAGE']];
const CLOSED = [['', 'all but ordinary ends'], ['false', 'errors alone'], ['true', 'connections alone']];

export const errors = {
  path: '/errors',
  nav: 'Errors',
  everyMs: 2000,
  title: () => 'Errors explained',
  calls: context => [call(context)],
  load: context => context.get(call(context)),

  render(context) {
    const {data: {items, total, next}, query, state} = context;
    return html`
      <form class="tools fill" @submit=${event => { event.preventDefault(); location.hash = toWith(['errors'], Object.fromEntries(new FormData(event.target))); }}>
        ${CONDITIONS.map(([name, label, hint]) => html`<label>${label}
          <input type="text" class="short" name=${name} .value=${query[name] ?? ''} placeholder=${hint ?? nothing} autocomplete="off" spellcheck="false"></label>`)}
        <label>Show <select name="closed">${CLOSED.map(([value, words]) => html`<option value=${value} ?selected=${value === (query.closed ?? '')}>${words}</option>`)}</select></label>
        <label><input type="checkbox" name="expected" value="all" .checked=${query.expected === 'all'}> with ordinary steps of the protocol</label>
        <button type="submit">Filter</button>
      </form>
      <p class="found" role="status">${count(total)} since the broker started; ${items.length ? 'newest first' : 'none of them is like this'}.</p>
      <ol class="errors">${repeat(items, item => item.id, one)}</ol>
      ${next ? html`<p><button type="button" @click=${() => { state.limit = limit(context) + STEP; context.reload(); }}>Show more</button></p>` : nothing}`;
  },
};

function limit({state}) {
  return state.limit ?? STEP;
}

function call(context) {
  const {expected, ...conditions} = context.query;
  return withQuery(path('errors'), {...conditions, expected: expected === 'all' ? undefined : false, limit: limit(context)});
}

function one(item) {
  return html`<li><details>
    <summary>
      ${when(item.timestamp)}
      <strong class="code ${item.expected ? '' : 'bad'}">${item.error === 'CONNECTION_CLOSED' ? item.reason : item.error}</strong>
      <span class="about"><span class="name">${item.api}</span> of <span class="name">${item.clientId === '' ? 'a client without a name' : nameOf(item.clientId)}</span>
      ${item.error === 'CONNECTION_CLOSED' ? html`<span class="tag">connection closed</span>` : nothing}
      ${item.subject ? html`about <strong class="name">${item.subject}</strong>` : nothing}
      ${item.times > 1 ? html`<span class="tag">${count(item.times)} times</span>` : nothing}
      ${item.expected ? html`<span class="tag none">a step of the protocol</span>` : nothing}</span>
      <span class="detail">${item.detail}</span>
    </summary>
    ${whole(item)}
  </details></li>`;
}

function whole(item) {
  const {expected, found, ...others} = item.evidence ?? {};
  return html`<div class="explained">
    ${item.explanation ? html`<p>${item.explanation}</p>` : nothing}
    ${item.whatToDo ? html`<p><strong>What to do.</strong> ${item.whatToDo}</p>` : nothing}
    ${expected === undefined && found === undefined ? nothing : html`<dl class="against">
      <div><dt>Expected</dt><dd>${plain(expected)}</dd></div><div><dt>Found</dt><dd>${plain(found)}</dd></div></dl>`}
    <dl class="evidence">
      <div><dt>Check</dt><dd>${item.reason}</dd></div>
      <div><dt>Request</dt><dd>${item.api} ${item.version < 0 ? '' : `v${item.version}`} ${item.correlationId < 0 ? '' : `#${item.correlationId}`}</dd></div>
      <div><dt>From</dt><dd>${item.connection < 0 ? item.address : html`<a href="#/connections/${item.connection}">${item.address}</a>`}</dd></div>
      ${item.times > 1 ? html`<div><dt>First</dt><dd>${when(Date.parse(item.firstTimestampIso))}</dd></div>` : nothing}
      ${Object.entries(others).map(([name, value]) => html`<div><dt>${name}</dt><dd>${plain(value)}</dd></div>`)}
    </dl>
    ${links(item.links)}
  </div>`;
}

function plain(value) {
  return value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
}

function links(found) {
  const names = Object.keys(found ?? {});
  return names.length ? html`<p class="ways">${names.map(name => html`<a href=${viewOf(found[name]) ?? found[name]}>${name}</a> `)}</p>` : nothing;
}
