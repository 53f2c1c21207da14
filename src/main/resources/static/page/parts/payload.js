// Keys and values: anybody's bytes, as text.
import {html, nothing} from '../lit.js';
import {bytes} from './format.js';
import {bytesOf, hexdump} from './hexdump.js';

const INLINE_CHARACTERS = 160;
const INLINE_BYTES = 32;

/** What a payload says, as text; with the digits it came with. */
export function textOf(payload) {
  return typeof payload.data === 'string' ? payload.data : JSON.stringify(payload.data, null, 2);
}

/** Its beginning, in a line. */
export function inline(payload) {
  if (payload === null || payload === undefined) {
    return html`<span class="tag none">null</span>`;
  }
  if (payload.size === 0) {
    return html`<span class="tag none">empty</span>`;
  }
  if (payload.format === 'base64') {
    const begin = bytesOf(payload).subarray(0, INLINE_BYTES);
    const hex = Array.from(begin, byte => byte.toString(16).padStart(2, '0')).join(' ');
    return html`<span class="tag">binary</span> ${cutOff(hex, begin.length < payload.size)}`;
  }
  const text = typeof payload.data === 'string' ? payload.data : JSON.stringify(payload.data);
  const begin = text.length > INLINE_CHARACTERS ? text.slice(0, INLINE_CHARACTERS) : text;
  const kind = isPlain(payload) ? nothing : html`<span class="tag">${payload.type ?? payload.format}</span> `;
  return html`${kind}${cutOff(begin, payload.truncated || begin.length < text.length)}`;
}

function cutOff(text, cut) {
  return html`<code class="payload">${text}</code>${cut ? html`<span class="muted">…</span>` : nothing}`;
}

/**
 * All of it that was asked for.
 *
 * @param asked the format that was asked for: bytes that are no text are dumped, unless it was base64 that was wanted
 */
export function block(payload, asked) {
  if (payload === null || payload === undefined) {
    return html`<p class="muted">null: there is none, which is not the same as an empty one.</p>`;
  }
  if (payload.size === 0) {
    return html`<p class="muted">Empty: zero bytes.</p>`;
  }
  const dumped = payload.format === 'hex' || (payload.format === 'base64' && asked !== 'base64');
  return html`<pre class="payload ${dumped ? 'dump' : ''}" tabindex="0">${dumped ? hexdump(bytesOf(payload)) : textOf(payload)}</pre>
    ${payload.undecoded ? html`<p class="bad">Not decoded: ${payload.undecoded}</p>` : nothing}
    ${payload.deletes ? html`<p class="muted">Deletes ${payload.deletes}.</p>` : nothing}
    ${payload.truncated ? html`<p class="muted">The beginning; all of it has ${bytes(payload.size)}.</p>` : nothing}`;
}

function isPlain({format}) {
  return format === 'utf8' || format === 'json';
}
