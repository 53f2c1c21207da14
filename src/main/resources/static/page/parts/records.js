// Records in a table: offset, time, and the beginnings of key and value.
import {html} from '../lit.js';
import {to} from '../router.js';
import {bytes, count} from './format.js';
import {inline} from './payload.js';
import {table} from './table.js';
import {when} from './when.js';

/** @param within the parts of the partition's address */
export function recordTable(items, within, empty) {
  return table([
    {head: 'Offset', cell: item => item.offset !== undefined ? count(item.offset) : `${count(item.baseOffset)}–${count(item.lastOffset)}`},
    {head: 'Time', cell: item => when(item.timestamp)},
    {head: 'Key', cell: item => item.offset === undefined ? '' : inline(item.key)},
    {head: 'Value', cut: true, cell: value},
    {head: 'Headers', number: true, minor: true, cell: item => item.headerCount > 0 ? count(item.headerCount) : ''},
    {head: 'Size', number: true, minor: true, cell: item => bytes(item.size)},
  ], items, {
    href: item => item.offset !== undefined ? to(...within, 'records', item.offset) : to(...within, 'batches', item.baseOffset),
    mark: item => item.offset === undefined ? 'wrong' : '',
    empty,
  });
}

function value(item) {
  if (item.control) {
    return html`<span class="tag">marker</span> ${item.control.type}`;
  }
  const trouble = item.problem ?? item.damaged;
  return trouble ? html`<strong class="bad">✕ ${trouble.reason}</strong>` : inline(item.value);
}
