// A time: as a clock has it here, and exactly for whoever asks.
import {html} from '../lit.js';
import {time} from './format.js';

export function when(timestamp) {
  if (timestamp === undefined || timestamp === null || timestamp < 0) {
    return html`<span class="muted">–</span>`;
  }
  const iso = new Date(timestamp).toISOString();
  return html`<time datetime=${iso} title=${iso}>${time(timestamp)}</time>`;
}
