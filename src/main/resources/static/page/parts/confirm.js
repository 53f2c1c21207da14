// Two steps before something is changed: the first says what will happen, the second does it.
import {html, nothing} from '../lit.js';
import {problemNote} from './problem.js';

/**
 * @param state where it is kept how far one has come: an object of the view's own
 * @param options ask: the button; explain: what will happen; confirm: the second button; done: what is said then; act: does it
 */
export function confirmed(context, state, {ask, explain, confirm, done, act}) {
  const step = name => { state.step = name; context.update(); };
  if (state.step === 'done') {
    return html`<p class="note" role="status">${done}</p>`;
  }
  if (state.step !== 'asked' && state.step !== 'acting') {
    return html`<button type="button" class="danger" @click=${() => { state.problem = undefined; step('asked'); }}>${ask}</button>`;
  }
  return html`<div class="note caution" role="group" aria-label=${ask}>
    <p>${explain}</p>
    <p class="tools">
      <button type="button" class="danger" ?disabled=${state.step === 'acting'} @click=${() => doIt(context, state, act)}>${confirm}</button>
      <button type="button" @click=${() => step('')}>Leave it</button>
    </p>
    ${state.problem ? problemNote(state.problem, false) : nothing}
  </div>`;
}

async function doIt(context, state, act) {
  state.step = 'acting';
  state.problem = undefined;
  context.update();
  try {
    await act();
    state.step = 'done';
  } catch (problem) {
    state.problem = problem;
    state.step = 'asked';
  }
  context.update();
  context.reload();
}
