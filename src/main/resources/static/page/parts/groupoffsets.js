// How far a group has come, partition by partition.
import {html, nothing} from '../lit.js';
import {to} from '../router.js';
import {count} from './format.js';
import {lagBar, lagLegend} from './lag.js';
import {table} from './table.js';
import {when} from './when.js';

const STEP = 100;

export function groupOffsets(context, offsets) {
  const shown = context.state.offsetsShown ?? STEP;
  return html`${table([
    {head: 'Partition', cell: item => `${item.topic}-${item.partition}`},
    {head: 'Read', grow: true, cell: item => html`${lagBar(item)}${item.problem ? html`<strong class="bad">✕ ${item.problem}</strong>` : nothing}`},
    {head: 'Committed', number: true, cell: item => item.committed === undefined ? html`<span class="muted">nothing</span>` : count(item.committed)},
    {head: 'End', number: true, minor: true, cell: item => count(item.endOffset)},
    {head: 'Lag', number: true, cell: item => html`<span data-partition-lag>${count(item.lag)}</span>`},
    {head: 'Committed at', minor: true, cell: item => when(item.commitTime)},
    {head: 'Read by', minor: true, cell: item => item.owner?.clientId ?? html`<span class="muted">nobody</span>`},
    {head: 'Next', cell: item => next(item)},
  ], offsets.slice(0, shown), {
    href: item => to('topics', item.topic, 'partitions', item.partition),
    mark: item => item.problem ? 'wrong' : '',
    empty: html`<p class="muted">Nothing is committed, and nobody reads.</p>`,
  })}
  ${offsets.length > shown
    ? html`<p><button type="button" @click=${() => { context.state.offsetsShown = shown + STEP; context.update(); }}>Show more (${count(offsets.length - shown)} are left)</button></p>`
    : nothing}
  ${offsets.length ? lagLegend() : nothing}`;
}

/** The record that is to be read next. */
function next({topic, partition, committed, links}) {
  return links.next ? html`<a href=${to('topics', topic, 'partitions', partition, 'records', committed)} aria-label="Next record of ${topic}-${partition}">record</a>` : '';
}
