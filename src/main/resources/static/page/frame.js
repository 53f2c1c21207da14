// Shows one view: where it is, its title, what it asks the broker, and its content; asks again as often as it wants.
//
// A view is one module with one export, an object:
//   path       '/topics/:topic', by which its address is recognised
//   nav        its name in the navigation, if it is to be there
//   door       its name on the view whose path its own goes on from, if there is to be a way from there
//   title      (context) => text
//   trail      (context) => [[text, href], …], what is above it; may be left out
//   calls      (context) => [path of a REST call, …], the first of them is "as JSON"
//   load       async (context) => what it shows
//   render     (context) => template; context.data is what was loaded
//   everyMs    how often to load again; left out if once is enough
//   start      (context) called once, for views that follow a stream; context.signal ends it
import {html, render, nothing} from './lit.js';
import {get, Problem} from './api.js';
import {every, isPaused, togglePause} from './parts/live.js';
import {callsBar} from './parts/calls.js';
import {problemNote} from './parts/problem.js';
import {fill} from './router.js';
import {views} from './views.js';

export function open(element, {view, params, query}, {takeFocus}) {
  const leaving = new AbortController();
  const context = {
    params,
    query,
    state: {},
    data: undefined,
    problem: undefined,
    signal: leaving.signal,
    get: (to, options) => get(to, {signal: leaving.signal, ...options}),
    update: () => draw(),
    reload: () => load(),
  };

  function draw() {
    if (!leaving.signal.aborted) {
      element.setAttribute('aria-busy', String(Boolean(view.load) && context.data === undefined && !context.problem));
      try {
        render(template(view, context), element);
      } catch (error) {
        // Ours to mend; the address and the way back are there all the same.
        console.error(error);
        render(html`${trail(view.trail?.(context) ?? [], 'This page')}${problemNote(error, false)}`, element);
      }
    }
  }

  async function load() {
    try {
      const data = await view.load(context);
      context.data = data;
      context.problem = undefined;
    } catch (problem) {
      if (leaving.signal.aborted) {
        return;
      }
      if (!(problem instanceof Problem)) {
        console.error(problem);
      }
      context.problem = problem;
    }
    draw();
  }

  element.dataset.address = location.hash || '#/';
  document.title = `${view.title(context)} · Vitrine`;
  draw();
  scrollTo(0, 0);
  if (takeFocus) {
    element.querySelector('h1')?.focus({preventScroll: true});
  }
  view.start?.(context);
  if (view.load) {
    every(view.everyMs, leaving.signal, load);
  }
  return {leave: () => leaving.abort()};
}

function template(view, context) {
  const title = view.title(context);
  return html`
    ${trail(view.trail?.(context) ?? [], title)}
    <div class="head">
      <h1 tabindex="-1">${title}</h1>
      ${doors(view, context)}
      ${view.everyMs ? liveSwitch(context) : nothing}
      ${callsBar(view.calls?.(context) ?? [])}
    </div>
    ${context.problem ? problemNote(context.problem, context.data !== undefined) : nothing}
    ${context.data !== undefined || !view.load
      ? view.render(context)
      : context.problem ? nothing : html`<p class="loading">Asking the broker…</p>`}`;
}

function trail(steps, title) {
  return html`<nav class="trail" aria-label="Breadcrumbs"><ol>
    ${steps.map(([text, href]) => html`<li><a href=${href}>${text}</a></li>`)}
    ${steps.length ? html`<li aria-current="page">${title}</li>` : nothing}
  </ol></nav>`;
}

function doors({path}, {params}) {
  return views.filter(view => view.door && view.path.slice(0, view.path.lastIndexOf('/')) === path)
    .map(view => html`<a class="button door" href=${fill(view.path, params)}>${view.door}</a>`);
}

function liveSwitch(context) {
  const paused = isPaused();
  return html`<button class="quiet live ${paused ? 'paused' : ''}" type="button" aria-pressed=${!paused}
    title=${paused ? 'Nothing is asked until you go on' : 'What is shown follows the broker'}
    @click=${() => { togglePause(); context.update(); }}><span class="dot" aria-hidden="true"></span>${paused ? 'Paused' : 'Live'}</button>`;
}
