// A few facts beside each other: a name, and what it is.
import {html, nothing} from '../lit.js';

/** @param items [[name, value, remark?], …]; those that are undefined are left out */
export function facts(items) {
  return html`<dl class="facts">${items.filter(Boolean).map(([name, value, remark]) => html`
    <div><dt>${name}</dt><dd>${value}${remark ? html` <small>${remark}</small>` : nothing}</dd></div>`)}</dl>`;
}
