// Fields beside their bytes. Pointing at one lights the other, and so does the focus, which the arrow keys move.
import {html, nothing} from '../lit.js';
import {bytes, count} from './format.js';

const WIDTH = 16;
const NAMES = {batch: 'The batch as it lies on disk', uncompressed: 'Its records, unpacked'};

/**
 * @param groups, places as dissect() makes them
 * @param about group => template beside the title of a group
 */
export function hexView({groups, places}, about) {
  return html`<div class="anatomy" @pointerover=${pointed} @pointerleave=${left} @focusin=${focused} @keydown=${walked}>
    <div class="fields">
      ${groups.map(group => html`<section aria-label=${group.title}>
        <h3>${group.title} ${about(group)}</h3>
        <ol data-fields>${group.fields.map((field, i) => fieldRow(field, i === 0))}</ol>
      </section>`)}
    </div>
    <div class="hex">
      <p class="caption" data-caption aria-live="polite">Point at a field or at a byte.</p>
      <div class="bytes" data-bytes>
        ${places.map(place => html`<section aria-label=${NAMES[place.name]}>
          ${places.length > 1 ? html`<h3>${NAMES[place.name]}</h3>` : nothing}
          ${chunks(place.lines).map((lines, i) => html`<div class="chunk">${lines.map((line, j) => hexLine(line, i + j === 0))}</div>`)}
        </section>`)}
      </div>
    </div>
  </div>`;
}

function fieldRow(field, first) {
  const {id, up, name, value, meaning, offset, length} = field;
  return html`<li data-f=${id} data-up=${up.join(' ')} data-about=${caption(field)} tabindex=${first ? 0 : -1} class=${up.length ? 'inner' : ''}>
    <span class="name">${name}</span>
    <span class="value">${shown(value)}</span>
    ${meaning ? html`<span class="meaning">${meaning}</span>` : nothing}
    <span class="at">${count(offset)}<small> +${count(length)}</small></span>
  </li>`;
}

const LONG = 120;

function shown(value) {
  if (value === undefined) {
    return nothing;
  }
  const text = typeof value === 'string' ? `“${value}”` : JSON.stringify(value);
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}

function caption({name, offset, length, value, meaning}) {
  const what = value === undefined ? '' : shown(value);
  return [name, place(offset, length), what, meaning].filter(Boolean).join(' · ');
}

function place(offset, length) {
  switch (length) {
    case 0: return `no bytes, at ${count(offset)}`;
    case 1: return `byte ${count(offset)}`;
    default: return `bytes ${count(offset)}–${count(offset + length - 1)}`;
  }
}

function chunks(lines) {
  const found = [];
  for (let i = 0; i < lines.length; i += 64) {
    found.push(lines.slice(i, i + 64));
  }
  return found;
}

// Nothing may stand between the tags of a line but what is to be seen: its spaces are kept.
function hexLine(line, first) {
  if (line.gap) {
    return html`<div class="gap">… ${count(line.gap)} bytes more (${bytes(line.gap)})</div>`;
  }
  const lead = line.position % WIDTH;
  const hex = line.runs.map((run, i) => html`${i ? gapBefore(run.column) : ''}${hexRun(run, first && i === 0)}`);
  const text = line.runs.map(textRun);
  return html`<div class="line"
    ><span class="pos">${line.position - lead}</span
    ><span class="hx">${' '.repeat(lead * 3 + (lead >= 8 ? 1 : 0))}${hex}</span
    ><span class="tx" aria-hidden="true">${' '.repeat(lead)}${text}</span
  ></div>`;
}

function hexRun({field, shade, column, bytes}, first) {
  const text = bytes.map((byte, i) => (i ? gapBefore(column + i) : '') + byte).join('');
  return html`<span data-f=${field.id} data-up=${field.up.join(' ')} data-about=${caption(field)} tabindex=${first ? 0 : -1}
    class=${shade ? 'odd' : ''}>${text}</span>`;
}

function textRun({field, shade, bytes}) {
  return html`<span data-f=${field.id} data-up=${field.up.join(' ')} class=${shade ? 'odd' : ''}>${bytes.map(character).join('')}</span>`;
}

function gapBefore(column) {
  return column === 8 ? '  ' : ' ';
}

function character(hex) {
  const code = parseInt(hex, 16);
  return code >= 32 && code < 127 ? String.fromCharCode(code) : '·';
}

function pointed(event) {
  const part = event.target.closest('[data-f]');
  if (part) {
    light(event.currentTarget, part, false);
  }
}

/** The pointer has gone: what has the focus is lit again. */
function left(event) {
  const focus = event.currentTarget.contains(document.activeElement) ? document.activeElement.closest('[data-f]') : undefined;
  light(event.currentTarget, focus, false);
}

function focused(event) {
  const part = event.target.closest('[data-f]');
  if (part) {
    light(event.currentTarget, part, true);
  }
}

function light(root, part, scroll) {
  root.querySelectorAll('.lit').forEach(lit => lit.classList.remove('lit'));
  if (!part) {
    return;
  }
  const id = part.dataset.f;
  const lit = [...root.querySelectorAll(`[data-f="${id}"], [data-up~="${id}"]`)];
  lit.forEach(element => element.classList.add('lit'));
  root.querySelector('[data-caption]').textContent = root.querySelector(`.fields [data-f="${id}"]`)?.dataset.about ?? '';
  const pane = root.querySelector('[data-bytes]');
  if (pane.contains(part)) {
    if (scroll) {
      root.querySelector(`.fields [data-f="${id}"]`)?.scrollIntoView({block: 'nearest'});
    }
  } else {
    reveal(pane, lit.find(element => pane.contains(element)));
  }
}

/** Scrolls the pane alone, not the page with it. */
function reveal(pane, element) {
  if (!element) {
    return;
  }
  const inside = pane.getBoundingClientRect();
  const at = element.getBoundingClientRect();
  if (at.top < inside.top || at.bottom > inside.bottom) {
    pane.scrollTop += at.top - inside.top - inside.height / 3;
  }
}

function walked(event) {
  const here = event.target.closest('[data-f]');
  const step = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[event.key];
  if (!here || !step || event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  event.preventDefault();
  const inHex = here.closest('[data-bytes]');
  const all = [...event.currentTarget.querySelectorAll(inHex ? '.hx [data-f]' : '.fields [data-f]')];
  let at = all.indexOf(here) + step;
  // In the hex view a field may have several lines.
  while (inHex && all[at] && all[at].dataset.f === here.dataset.f) {
    at += step;
  }
  all[at]?.focus();
}
