// What a share group is given at this moment.
import {html} from '../lit.js';
import {to} from '../router.js';
import {count} from './format.js';
import {table} from './table.js';
import {when} from './when.js';

export function inFlight({partitions}) {
  const ranges = partitions.flatMap(partition => partition.inFlight.map(range => ({...range, partition})));
  const leftOut = partitions.flatMap(partition => partition.leftOut.map(range => ({...range, partition})));
  return html`<section>
    <h2>In flight</h2>
    ${table([
      {head: 'Partition', cell: nameOf},
      {head: 'Done before', number: true, cell: partition => count(partition.startOffset)},
      {head: 'Given up to', number: true, cell: partition => count(partition.nextOffset)},
      {head: 'Ranges', number: true, cell: partition => count(partition.inFlight.length)},
    ], partitions, {
      href: partition => partition.topic === null ? undefined : to('topics', partition.topic, 'partitions', partition.partition),
      empty: html`<p class="muted">No member reads at this moment.</p>`,
    })}
    ${ranges.length ? table([
      {head: 'Records', cell: range => `${nameOf(range.partition)} ${span(range)}`},
      {head: 'State', cell: range => range.becoming ? `${range.state}, soon ${range.becoming}` : range.state},
      {head: 'Given', number: true, cell: range => `${count(range.deliveryCount)}×`},
      {head: 'Held by', grow: true, cell: range => range.member ?? 'nobody'},
      {head: 'Until', cell: range => when(range.lockedUntil)},
    ], ranges, {caption: 'Ranges of records'}) : ''}
    ${leftOut.length ? table([
      {head: 'Left out', cell: range => `${nameOf(range.partition)} ${span(range)}`},
      {head: 'Why', grow: true, cell: range => range.reason},
      {head: 'When', cell: range => when(Date.parse(range.atIso))},
    ], leftOut, {caption: 'Records that can’t be read', mark: () => 'wrong'}) : ''}
  </section>`;
}

function nameOf(partition) {
  return `${partition.topic ?? partition.topicId}-${partition.partition}`;
}

function span({firstOffset, lastOffset}) {
  return firstOffset === lastOffset ? count(firstOffset) : `${count(firstOffset)}–${count(lastOffset)}`;
}
