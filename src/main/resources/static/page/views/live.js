// The records of a topic as they come.
import {html, nothing} from '../lit.js';
import {path, withQuery} from '../api.js';
import {to, toWith} from '../router.js';
import {follow} from '../parts/events.js';
import {bytes, count, short} from '../parts/format.js';
import {paced} from '../parts/paced.js';
import {inline} from '../parts/payload.js';
import {problemNote} from '../parts/problem.js';
import {Rate} from '../parts/rate.js';
import {sparkline} from '../parts/sparkline.js';
import {streamBar} from '../parts/streambar.js';
import {table} from '../parts/table.js';
import {when} from '../parts/when.js';

// So many rows are kept, whatever comes.
const ROWS = 200;
const VALUE_BYTES = 400;
const CONDITIONS = [['key', 'Key is'], ['keyPrefix', 'Key begins with'], ['contains', 'Value contains'], ['header', 'Header', 'name or name:value'], ['partition', 'Partition']];

export const live = {
  path: '/topics/:topic/live',
  door: 'Live tail',
  title: ({params}) => `Live: ${params.topic}`,
  trail: ({params: {topic}}) => [['Topics', '#/topics'], [topic, to('topics', topic)]],
  calls: context => [`${path('topics', context.params.topic, 'records')}?${new URLSearchParams({...conditions(context), from: 'tail:20'})}`, stream(context)],

  start(context) {
    const {state, signal} = context;
    Object.assign(state, {rows: [], seen: 0, bytes: 0, dropped: 0, rate: new Rate(), line: 'connecting'});
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
    const {state, params: {topic}, query} = context;
    return html`
      ${filter(context, topic, query)}
      ${streamBar(context, html`
        <span><strong data-seen>${count(state.seen)}</strong> ${state.seen === 1 ? 'record' : 'records'}, ${bytes(state.bytes)}</span>
        <span><strong>${short(state.rate?.now() ?? 0)}</strong>/s</span>
        <span class=${state.dropped ? 'bad' : ''} title="Left out because they came faster than they could be shown"><strong data-dropped>${count(state.dropped)}</strong> dropped</span>
        <span class="lagline">${sparkline(state.rate?.values() ?? [], {label: 'Records in each of the last 60 seconds'})}</span>`)}
      ${state.problem ? problemNote(state.problem, false) : nothing}
      ${state.ended ? html`<p class="note">${state.ended}</p>` : nothing}
      ${rows(state, topic)}`;
  },
};

function conditions({query}) {
  return Object.fromEntries(CONDITIONS.map(([name]) => [name, query[name]]).filter(([, value]) => value));
}

function stream(context) {
  return withQuery(`${path('topics', context.params.topic, 'records')}/stream`, {...conditions(context), maxValueBytes: VALUE_BYTES});
}

function take(state, {event, data}) {
  if (event === 'record' || event === 'damaged') {
    state.seen++;
    state.bytes += data.size ?? 0;
    state.rate.add(1);
    state.rows.unshift(data);
    if (state.rows.length > 2 * ROWS) {
      state.rows.length = ROWS;
    }
  } else if (event === 'dropped') {
    state.dropped += data.records;
  } else if (event === 'end') {
    state.ended = data?.reason ?? data?.detail ?? 'There will be no more.';
  }
}

function filter(context, topic, query) {
  return html`<form class="tools fill" @submit=${event => { event.preventDefault(); apply(topic, event.target); }}>
    ${CONDITIONS.map(([name, label, hint]) => html`<label>${label}
      <input type=${name === 'partition' ? 'number' : 'text'} min="0" class="short" name=${name} .value=${query[name] ?? ''} placeholder=${hint ?? nothing} autocomplete="off" spellcheck="false"></label>`)}
    <button type="submit">Filter</button>
    ${Object.keys(conditions(context)).length ? html`<a href=${to('topics', topic, 'live')}>Show all</a>` : nothing}
  </form>`;
}

function apply(topic, form) {
  location.hash = toWith(['topics', topic, 'live'], Object.fromEntries(new FormData(form)));
}

function rows(state, topic) {
  const shown = state.rows?.slice(0, ROWS) ?? [];
  return html`<section aria-label="Records">${table([
    {head: 'Offset', cell: item => `${item.partition}:${item.offset ?? item.baseOffset}`, title: 'partition:offset'},
    {head: 'Time', minor: true, cell: item => when(item.timestamp)},
    {head: 'Key', cell: item => item.offset === undefined ? '' : html`<span class="one-line">${inline(item.key)}</span>`},
    {head: 'Value', cut: true, cell: value},
    {head: 'Headers', number: true, minor: true, cell: item => item.headerCount > 0 ? count(item.headerCount) : ''},
    {head: 'Size', number: true, minor: true, cell: item => bytes(item.size)},
  ], shown, {
    href: item => to('topics', topic, 'partitions', item.partition, ...(item.offset === undefined ? ['batches', item.baseOffset] : ['records', item.offset])),
    mark: item => item.offset === undefined ? 'wrong' : '',
    empty: html`<p class="muted">Nothing has come since this was opened. The newest stands on top.</p>`,
  })}
  ${state.seen > ROWS ? html`<p class="muted">The newest ${count(ROWS)} are shown.</p>` : nothing}</section>`;
}

function value(item) {
  if (item.control) {
    return html`<span class="tag">marker</span> ${item.control.type}`;
  }
  if (item.deleted) {
    return html`<strong class="bad">✕ deleted: the log starts at ${count(item.deleted.logStartOffset)}</strong>`;
  }
  const trouble = item.problem ?? item.damaged;
  return trouble ? html`<strong class="bad">✕ ${trouble.reason}</strong>` : inline(item.value);
}
