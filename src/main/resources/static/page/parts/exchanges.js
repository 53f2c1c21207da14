// Requests and what has become of them, each with a bar of where its time went.
import {html, svg, nothing} from '../lit.js';
import {to, toWith} from '../router.js';
import {bytes, count, micros} from './format.js';
import {table} from './table.js';
import {when} from './when.js';

const PARTS = [['queue', 'in the queue', 'url(#dots)'], ['local', 'in its handler', 'currentColor'], ['waiting', 'waiting', 'url(#stripes)'], ['send', 'being sent', 'url(#grid)']];
// Lengths are by orders of magnitude, from here to there: a fetch that waits for half a second stands beside one of 80 µs.
const SHORTEST_MS = 0.01;
const LONGEST_MS = 10_000;
const TICKS = [0.1, 1, 10, 100, 1_000];
const HEIGHT = 14;

/** @param options choose: (item) => void, if one can be looked at; chosen: the id of that one; withClient */
export function exchangeTable(items, {choose, chosen, withClient = true} = {}) {
  return table([
    {head: 'Time', cell: item => choose
      ? html`<button type="button" class="link" data-row aria-pressed=${item.id === chosen} @click=${() => choose(item)}>${when(item.timestamp)}</button>` : when(item.timestamp)},
    {head: 'API', cell: item => html`<strong class="name">${item.api}</strong> <small class="minor">v${item.version}</small>`},
    {head: scale(), grow: true, cell: item => timesBar(item.times)},
    {head: 'Total', number: true, cell: item => micros(item.times.total * 1000)},
    ...(withClient ? [{head: 'Client', cell: item => html`<a class="name" href=${to('connections', item.connection.id)} title=${item.connection.address}>${item.clientId || 'no name'}</a>`}] : []),
    {head: 'About', minor: true, cell: topics},
    {head: 'In', number: true, minor: true, cell: item => bytes(item.requestBytes)},
    {head: 'Out', number: true, minor: true, cell: item => item.end === 'ANSWERED' ? bytes(item.responseBytes) : html`<span class="tag none">${item.end}</span>`},
    {head: 'Errors', cell: errors},
  ], items, {mark: item => item.id === chosen ? 'chosen' : '', empty: html`<p class="muted">None so far.</p>`});
}

function topics({topics: names, moreTopics}) {
  return html`<span class="name">${names.slice(0, 3).join(', ')}${names.length > 3 || moreTopics ? ' …' : ''}</span>`;
}

function errors({errors: found, errorCount, api, clientId}) {
  return found.length
    ? html`<a class="bad" href=${toWith(['errors'], {api, client: clientId})}>✕ ${found.map(error => error.name).join(', ')}</a>${errorCount > found.length ? html` <small>${count(errorCount)} parts</small>` : nothing}` : '';
}

export function timesBar(times) {
  const length = at(times.total);
  const whole = PARTS.reduce((sum, [name]) => sum + times[name], 0) || 1;
  let x = 0;
  return html`<svg class="times" width="100%" height=${HEIGHT} role="img" aria-label=${PARTS.map(([name, words]) => `${micros(times[name] * 1000)} ${words}`).join(', ')}>
    ${TICKS.map(tick => svg`<line class="tick" x1="${at(tick)}%" x2="${at(tick)}%" y1="0" y2=${HEIGHT}></line>`)}
    ${PARTS.map(([name, words, fill]) => {
      const width = times[name] / whole * length;
      x += width;
      return svg`<rect class=${name} fill=${fill} x="${x - width}%" y="2" width="${width}%" height="10"><title>${micros(times[name] * 1000)} ${words}</title></rect>`;
    })}
  </svg>`;
}

function at(ms) {
  const place = Math.log10(Math.max(ms, SHORTEST_MS) / SHORTEST_MS) / Math.log10(LONGEST_MS / SHORTEST_MS);
  return Math.min(1, Math.max(place, 0.01)) * 100;
}

function scale() {
  return html`<svg class="times scale" width="100%" height="12" aria-hidden="true">
    ${TICKS.map(tick => svg`<text x="${at(tick)}%" y="10">${micros(tick * 1000)}</text>`)}</svg>`;
}

export function timesLegend() {
  return html`<ul class="legend">${PARTS.map(([name, words, fill]) => html`
    <li><svg class="times key" width="18" height="10" aria-hidden="true"><rect class=${name} fill=${fill} x="0.5" y="0.5" width="17" height="9"></rect></svg> ${words}</li>`)}
    <li>The length stands for the whole time, ten times as much for each line; its parts are shares of it.</li></ul>`;
}
