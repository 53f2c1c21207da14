// The top of the page: where one can go, whether the broker is well, and the theme.
import {html, render} from './lit.js';
import {get} from './api.js';
import {every} from './parts/live.js';
import {views} from './views.js';

const HEALTH_EVERY_MS = 10_000;

let current;
let health = {status: '…', text: 'asking'};
let following = false;

export function showTop(element, view) {
  current = view;
  const draw = () => render(template(draw), element);
  draw();
  if (!following) {
    following = true;
    every(HEALTH_EVERY_MS, new AbortController().signal, async () => {
      health = await ask();
      draw();
    });
  }
}

async function ask() {
  try {
    const {status} = await get('/actuator/health');
    return {status, text: status === 'UP' ? 'healthy' : 'not well'};
  } catch (problem) {
    return {status: 'GONE', text: 'no answer'};
  }
}

function template(draw) {
  return html`
    <a class="brand" href="#/" aria-label="Vitrine, overview"><span class="mark" aria-hidden="true"></span>Vitrine</a>
    <nav aria-label="Main">
      ${views.filter(view => view.nav).map(view => html`
        <a href=${'#' + view.path} aria-current=${isCurrent(view) ? 'page' : 'false'}>${view.nav}</a>`)}
    </nav>
    <a class="health ${health.status === 'UP' ? 'up' : health.status === '…' ? '' : 'down'}" href="/actuator/health"
      title="What Actuator says of the broker’s health"><span class="dot" aria-hidden="true"></span>${health.text}</a>
    <button class="quiet" type="button" @click=${() => turn(draw)} title="Light or dark">${isDark() ? 'Light' : 'Dark'}</button>`;
}

/** A view without an entry of its own belongs to the one whose path its own begins with. */
function isCurrent(view) {
  return view === current || (view.path !== '/' && current.path.startsWith(view.path + '/'));
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function turn(draw) {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  localStorage.setItem('vitrine.theme', theme);
  draw();
}
