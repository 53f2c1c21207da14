// What a stream is doing, and a button that holds it.
import {html} from '../lit.js';

const WORDS = {
  connecting: 'asking the broker', open: 'following', paused: 'held', waiting: 'no answer, trying again', refused: 'refused', ended: 'ended',
};

/** @param context its state has `line`, as `follow` says it, and `stream` */
export function streamBar(context, counts) {
  const {state} = context;
  const over = state.line === 'refused' || state.line === 'ended';
  return html`<div class="tools streaming ${state.line}">
    <button type="button" class="hold" aria-pressed=${Boolean(state.held)} ?disabled=${over} @click=${() => hold(context)}>${state.held ? '▶ Go on' : '❚❚ Pause'}</button>
    <span class="live ${state.line === 'open' ? '' : 'paused'}" role="status"><span class="dot" aria-hidden="true"></span>${WORDS[state.line] ?? ''}</span>
    ${counts}
    <button type="button" class="quiet" @click=${() => { state.rows = []; context.update(); }}>Clear</button>
  </div>`;
}

function hold(context) {
  const {state} = context;
  state.held = !state.held;
  if (state.held) {
    state.stream.pause();
  } else {
    state.stream.resume();
  }
  context.update();
}
