// How far a group has come in a partition, drawn: what it has read, what it has left to read.
import {html, svg, nothing} from '../lit.js';
import {count} from './format.js';

const HEIGHT = 14;

/** @param offset an item of a group's offsets */
export function lagBar({logStartOffset, committed, endOffset}) {
  if (endOffset === undefined) {
    return nothing;
  }
  const whole = Math.max(endOffset - logStartOffset, 1);
  const read = clamp(((committed ?? logStartOffset) - logStartOffset) / whole);
  const label = `${committed === undefined ? 'nothing committed' : `committed ${count(committed)}`}, the log runs from ${count(logStartOffset)} to ${count(endOffset)}`;
  return html`<svg class="offsets" width="100%" height=${HEIGHT} role="img" aria-label=${label}>
    <rect class="track" x="0" y="5" width="100%" height="4"></rect>
    ${endOffset > logStartOffset ? svg`
      <rect fill="currentColor" x="0" y="2" width="${read * 100}%" height="10"></rect>
      <rect fill="url(#stripes)" x="${read * 100}%" y="2" width="${(1 - read) * 100}%" height="10"></rect>
      <line class="end" x1="${read * 100}%" x2="${read * 100}%" y1="0" y2=${HEIGHT}></line>` : nothing}
  </svg>`;
}

export function lagLegend() {
  return html`<ul class="legend">
    <li>${key('currentColor')} read and committed</li>
    <li>${key('url(#stripes)')} left to read: the lag</li>
  </ul>`;
}

function key(fill) {
  return html`<svg class="offsets key" width="18" height="10" aria-hidden="true"><rect fill=${fill} x="0.5" y="0.5" width="17" height="9"></rect></svg>`;
}

function clamp(share) {
  return Math.max(0, Math.min(1, share));
}
