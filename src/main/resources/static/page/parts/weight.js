// A thin bar in a table: how much of the largest this is.
import {html} from '../lit.js';

export function weight(share) {
  return html`<svg class="weight" width="80" height="8" aria-hidden="true"><rect x="0" y="0" width=${Math.max(share * 80, share > 0 ? 1 : 0)} height="8"></rect></svg>`;
}
