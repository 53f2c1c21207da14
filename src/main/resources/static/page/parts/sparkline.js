// A line without axes: how a number went.
import {html, svg} from '../lit.js';

const WIDTH = 120;
const HEIGHT = 32;

/** @param room how many values the whole width stands for; fewer begin at the right */
export function sparkline(values, {room = 60, label}) {
  const top = Math.max(...values, 1e-9);
  const x = i => WIDTH - (values.length - 1 - i) * WIDTH / (room - 1);
  const y = value => HEIGHT - 1.5 - value / top * (HEIGHT - 4);
  const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>
    <line class="ground" x1="0" y1=${HEIGHT - 1} x2=${WIDTH} y2=${HEIGHT - 1}></line>
    ${values.length > 1 ? svg`
      <polygon class="area" points="${x(0).toFixed(1)},${HEIGHT - 1} ${points} ${WIDTH},${HEIGHT - 1}"></polygon>
      <polyline class="line" points=${points}></polyline>` : svg``}
  </svg>`;
}
