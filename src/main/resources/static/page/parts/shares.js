// A bar of parts that make up a whole.
import {html, svg} from '../lit.js';

/** @param parts [{name, size, kind}], of which each has a class of its kind */
export function shares(parts, label) {
  const whole = parts.reduce((sum, part) => sum + Math.max(0, part.size), 0) || 1;
  let at = 0;
  return html`<svg class="shares" width="100%" height="12" role="img" aria-label=${label}>
    ${parts.map(part => {
      const x = at;
      at += Math.max(0, part.size) / whole * 100;
      return box(x, at - x, part);
    })}
  </svg>`;
}

function box(x, width, part) {
  return svg`<rect class=${part.kind} x="${x}%" y="0" width="${width}%" height="12"><title>${part.name}</title></rect>`;
}
