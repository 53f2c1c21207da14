// The end of a list that is not shown as a whole.
import {html, nothing} from '../lit.js';
import {count} from './format.js';

export function more(all, shown, show) {
  return all > shown
    ? html`<p><button type="button" @click=${show}>Show more (${count(all - shown)} are left)</button></p>`
    : nothing;
}
