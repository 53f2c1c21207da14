// A bar of a partition's offsets: what is deleted, what committed readers see, what all see, what is not acknowledged.
import {html, svg, nothing} from '../lit.js';
import {count} from './format.js';

const HEIGHT = 14;

/** @param end the offset at the right edge, the same for partitions that stand below each other */
export function offsetBar(partition, end) {
  const {logStartOffset, lastStableOffset, highWatermark, logEndOffset} = partition;
  if (logEndOffset === undefined) {
    return nothing;
  }
  const whole = Math.max(end, 1);
  const parts = [
    ['deleted', 0, logStartOffset, 'deleted'],
    ['stable', logStartOffset, lastStableOffset, 'can be read'],
    ['open', lastStableOffset, highWatermark, 'behind the first open transaction'],
    ['unacknowledged', highWatermark, logEndOffset, 'written, not acknowledged'],
  ].filter(([, from, to]) => to > from);
  const label = `starts at ${count(logStartOffset)}, last stable offset ${count(lastStableOffset)}, high watermark ${count(highWatermark)}, ends at ${count(logEndOffset)}`;
  return html`<svg class="offsets" width="100%" height=${HEIGHT} role="img" aria-label=${label}>
    <rect class="track" x="0" y="5" width="100%" height="4"></rect>
    ${parts.map(([kind, from, to, name]) => part(kind, from / whole * 100, to / whole * 100, `${count(from)} to ${count(to)}: ${name}`))}
    ${logEndOffset > 0 ? svg`<line class="end" x1="${logEndOffset / whole * 100}%" x2="${logEndOffset / whole * 100}%" y1="0" y2=${HEIGHT}></line>` : nothing}
  </svg>`;
}

function part(kind, from, to, title) {
  const fill = {deleted: 'url(#dots)', open: 'url(#stripes)'}[kind];
  return svg`<rect class=${kind} fill=${fill ?? 'currentColor'} x="${from}%" y="2" width="${to - from}%" height="10"><title>${title}</title></rect>`;
}

/** What the parts of the bars mean. */
export function offsetLegend() {
  return html`<ul class="legend">
    <li>${key('stable', 'currentColor')} can be read</li>
    <li>${key('open', 'url(#stripes)')} behind an open transaction</li>
    <li>${key('unacknowledged', 'currentColor')} not acknowledged yet</li>
    <li>${key('deleted', 'url(#dots)')} deleted</li>
  </ul>`;
}

function key(kind, fill) {
  return html`<svg class="offsets key" width="18" height="10" aria-hidden="true"><rect class=${kind} fill=${fill} x="0.5" y="0.5" width="17" height="9"></rect></svg>`;
}
