// Things that lie one behind the other in a file, drawn to scale. What is too small to be seen is drawn as small as can
// be; more than a few hundred are not drawn one by one.
import {html, svg, nothing} from '../lit.js';

const HEIGHT = 44;
const MOST = 400;
const LEAST_PERCENT = 0.25;
const LETTER_PERCENT = 1.2;
const FILLS = {open: 'url(#stripes)', aborted: 'url(#grid)', bad: 'url(#grid)'};

/** @param pieces [{size, title, href, letters?, kind?}], in their order */
export function strip(pieces) {
  if (pieces.length === 0) {
    return nothing;
  }
  const drawn = pieces.slice(-MOST);
  const whole = drawn.reduce((sum, piece) => sum + piece.size, 0) || 1;
  const least = Math.min(LEAST_PERCENT, 50 / drawn.length);
  const stretch = (100 - least * drawn.length) / whole;
  let x = 0;
  return html`<svg class="strip" width="100%" height=${HEIGHT} role="img" aria-label="${drawn.length} drawn to scale; the table has the same">
    ${drawn.map(piece => {
      const width = least + piece.size * stretch;
      x += width;
      return block(piece, x - width, width);
    })}
  </svg>
  ${pieces.length > drawn.length ? html`<p class="muted">The last ${drawn.length} are drawn.</p>` : nothing}`;
}

function block({title, href, kind, letters = ''}, x, width) {
  const fill = FILLS[kind];
  return svg`<a href=${href} tabindex="-1"><g class="block ${kind ?? ''}"><title>${title}</title>
    <rect class="ground" x="${x}%" y="4" width="${width}%" height=${HEIGHT - 8}></rect>
    ${fill ? svg`<rect class="pattern" fill=${fill} x="${x}%" y="4" width="${width}%" height=${HEIGHT - 8}></rect>` : nothing}
    ${letters && width > LETTER_PERCENT * letters.length ? svg`<text x="${x + width / 2}%" y="26">${letters}</text>` : nothing}
  </g></a>`;
}
