// One transactional id: the transaction that is open, whom it keeps waiting, and its history.
import {html, nothing} from '../lit.js';
import {path, send, withQuery} from '../api.js';
import {to} from '../router.js';
import {confirmed} from '../parts/confirm.js';
import {count, duration} from '../parts/format.js';
import {facts} from '../parts/facts.js';
import {nameOf, transactionCall, viewOf} from '../parts/ids.js';
import {table} from '../parts/table.js';
import {when} from '../parts/when.js';

const LOOKED_AT = 20;

export const transaction = {
  path: '/transactions/:transaction',
  everyMs: 2000,
  title: ({params}) => nameOf(params.transaction),
  trail: () => [['Transactions', '#/transactions']],
  calls: ({params, data}) => [
    transactionCall(params.transaction),
    ...(data?.about.partitions ?? []).slice(0, 3).map(producersOf),
    ...(data?.about.open ? [{method: 'POST', path: transactionCall(params.transaction, 'abort')}] : []),
  ],

  async load(context) {
    const about = await context.get(transactionCall(context.params.transaction));
    const marks = await Promise.all(about.partitions.slice(0, LOOKED_AT).map(partition => held(context, about, partition)));
    return {about, marks};
  },

  render(context) {
    const {about, marks} = context.data;
    const rest = about.partitions.length - marks.length;
    return html`
      <section>${facts([
        ['State', about.state],
        about.open ? ['Open for', duration(about.openMs), `of ${duration(about.timeoutMs)}`] : ['Its time', duration(about.timeoutMs)],
        ['Producer', about.producerId, `epoch ${about.producerEpoch}`],
        ['Began', when(about.startIso && Date.parse(about.startIso))],
        ['Kept in', html`<a href="#/topics/__transaction_state/partitions/${about.stateTopicPartition}">__transaction_state-${about.stateTopicPartition}</a>`],
      ])}</section>
      <section>
        <h2>Partitions of the open transaction</h2>
        ${table([
          {head: 'Partition', cell: mark => `${mark.topic}-${mark.partition}`},
          {head: 'First offset', number: true, cell: mark => count(mark.firstOffset)},
          {head: 'Last stable offset', number: true, minor: true, cell: mark => count(mark.lastStableOffset)},
          {head: 'High watermark', number: true, minor: true, cell: mark => count(mark.highWatermark)},
          {head: 'Readers of committed records', grow: true, cell: waiting},
        ], marks, {
          href: mark => to('topics', mark.topic, 'partitions', mark.partition),
          empty: html`<p class="muted">${about.open ? 'It has written to none yet.' : 'No transaction is open.'}</p>`,
        })}
        ${rest > 0 ? html`<p class="muted">And ${count(rest)} more.</p>` : nothing}
        ${about.open || context.state.abort?.step ? abort(context, about) : nothing}
      </section>
      <section>
        <h2>History</h2>
        ${history(about.history)}
      </section>`;
  },
};

function producersOf({topic, partition}) {
  return withQuery(path('topics', topic, 'partitions', partition, 'producers'), {open: true});
}

/** What it holds back in a partition. */
async function held(context, about, {topic, partition}) {
  const [offsets, producers] = await Promise.all([
    context.get(path('topics', topic, 'partitions', partition)),
    context.get(producersOf({topic, partition})),
  ]);
  const own = producers.items.find(producer => producer.producerId === about.producerId);
  const first = producers.items.find(producer => producer.transaction?.holdsLastStableOffset);
  return {...offsets, topic, partition, firstOffset: own?.transaction?.firstOffset, holds: Boolean(own?.transaction?.holdsLastStableOffset), first: first?.transaction};
}

function waiting({holds, first, highWatermark, lastStableOffset}) {
  const behind = highWatermark - lastStableOffset;
  if (holds) {
    return html`<strong data-holds>wait for it</strong>: ${count(behind)} ${behind === 1 ? 'offset is' : 'offsets are'} behind it`;
  }
  return first ? html`wait for <a href=${to('transactions', first.transactionalId)}>${nameOf(first.transactionalId)}</a>, which began before`
    : html`<span class="muted">don’t wait</span>`;
}

function abort(context, about) {
  const state = context.state.abort ??= {};
  return html`<div class="act">${confirmed(context, state, {
    ask: 'Abort it…',
    explain: 'What it has written will not be seen by readers of committed records, and its producer is fenced: its next request is refused, as if its time had been up.',
    confirm: 'Abort it',
    done: 'It is being aborted. Its history is below.',
    act: () => send('POST', transactionCall(about.transactionalId, 'abort')),
  })}</div>`;
}

function history(events) {
  return table([
    {head: 'When', cell: event => when(event.atIso && Date.parse(event.atIso))},
    {head: 'State', cell: event => html`<span class="tag ${event.state === 'Ongoing' ? 'open' : 'none'}">${event.state}</span>`},
    {head: 'Partitions', number: true, cell: event => count(event.partitionCount)},
    {head: 'Producer', number: true, minor: true, cell: event => html`${event.producerId} <small>epoch ${event.producerEpoch}</small>`},
    {head: 'Took', number: true, cell: event => event.startIso && event.atIso ? duration(Math.max(0, Date.parse(event.atIso) - Date.parse(event.startIso))) : '–', title: 'Since the transaction began'},
    {head: '', minor: true, cell: event => event.replayed ? html`<span class="tag none" title="Read from the log when the broker started">replayed</span>` : nothing},
  ], events ?? [], {href: event => viewOf(event.record), empty: html`<p class="muted">Nothing is known.</p>`});
}
