// From page to page through a log, and to an offset.
import {html} from '../lit.js';
import {count} from './format.js';

/**
 * @param from the offset that the page begins with; first, end: where the log does
 * @param next the offset that the next page begins with, if there is one
 * @param href offset => address of the page that begins with it
 */
export function jump({from, first, end, page, next, href}) {
  const before = Math.max(first, from - page);
  return html`<form class="tools" @submit=${event => { event.preventDefault(); go(event.target, href); }}>
    <label>From offset <input type="number" name="from" min=${first} max=${end} .value=${String(from)}></label>
    <button type="submit">Go</button>
    <span class="pages">
      ${link(from > first, href(before), '← Before')}
      ${link(next !== undefined, next === undefined ? '' : href(next), 'After →')}
      ${link(end > first, href(Math.max(first, end - page)), 'Newest')}
    </span>
    <span class="muted">${count(first)} to ${count(end)}, exclusive</span>
  </form>`;
}

function go(form, href) {
  const offset = form.elements.from.value;
  if (offset !== '') {
    location.hash = href(offset);
  }
}

function link(possible, href, text) {
  return possible ? html`<a class="button" href=${href}>${text}</a>` : html`<span class="button off" aria-disabled="true">${text}</span>`;
}
