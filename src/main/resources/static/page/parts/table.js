// A table: columns say how a row is shown. The first column leads somewhere, if `href` says where.
import {html, nothing} from '../lit.js';

/**
 * @param columns [{head, cell: row => template, number?, minor?, grow?, cut?, title?}]; numbers stand right, minor columns are left
 *     out where there is little room; a column that grows takes what is left, one that is cut has one line
 * @param options href: row => address; caption: what it is a table of; mark: row => class of the row;
 *     empty: what is said if there are no rows
 */
export function table(columns, rows, {href, caption, mark, empty} = {}) {
  if (rows.length === 0) {
    return empty ?? html`<p class="muted">None.</p>`;
  }
  return html`<div class="scroll"><table data-rows>
    ${caption ? html`<caption>${caption}</caption>` : nothing}
    <thead><tr>${columns.map(column => html`<th scope="col" class=${shape(column)} title=${column.title ?? nothing}>${column.head}</th>`)}</tr></thead>
    <tbody>${rows.map(row => html`<tr class=${mark?.(row) ?? ''}>${columns.map((column, i) => cell(column, row, i === 0 && href?.(row)))}</tr>`)}</tbody>
  </table></div>`;
}

function cell(column, row, href) {
  const content = column.cell(row);
  return html`<td class=${shape(column)}>${href ? html`<a data-row href=${href}>${content}</a>` : content}</td>`;
}

function shape(column) {
  return `${column.number ? 'number' : ''} ${column.minor ? 'minor' : ''} ${column.grow ? 'grow' : ''} ${column.cut ? 'cut' : ''}`;
}
