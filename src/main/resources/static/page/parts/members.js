// The members of a group: who they are, what they read, and what they are to read.
import {html, nothing} from '../lit.js';
import {count, duration} from './format.js';
import {table} from './table.js';

const SHOWN = 12;

/** @param contacts when something was last heard of each */
export function memberTable(members, contacts) {
  const heard = new Map(contacts.map(contact => [contact.memberId, contact]));
  return table([
    {head: 'Member', cell: member => html`<code class="long">${member.memberId}</code>${member.instanceId ? html` <span class="tag">static ${member.instanceId}</span>` : nothing}`},
    {head: 'Client', cell: member => html`${member.clientId} <small>${member.host.replace(/^\//, '')}</small>`},
    {head: 'Epoch', number: true, minor: true, cell: member => member.epoch ?? '–'},
    {head: 'Reads', grow: true, cell: member => assignment(member)},
    {head: 'Subscribed to', minor: true, cell: member => subscription(member.subscription)},
    {head: 'Heard of', number: true, cell: member => silence(heard.get(member.memberId))},
  ], members, {empty: html`<p class="muted">It has no members.</p>`});
}

function assignment({assignment: current, target}) {
  const now = namesOf(current);
  const goal = target ? namesOf(target) : now;
  const coming = goal.filter(name => !now.includes(name));
  const going = now.filter(name => !goal.includes(name));
  return html`${now.length ? some(now.filter(name => !going.includes(name))) : coming.length ? nothing : html`<span class="muted">nothing</span>`}
    ${coming.length ? html`<p><span class="tag">to come</span> ${some(coming)}</p>` : nothing}
    ${going.length ? html`<p><span class="tag none">to give up</span> ${some(going)}</p>` : nothing}`;
}

function namesOf(topics) {
  return topics.flatMap(({topic, partitions}) => partitions.map(partition => `${topic}-${partition}`));
}

function some(names) {
  const more = names.length - SHOWN;
  return html`<code>${names.slice(0, SHOWN).join(', ')}</code>${more > 0 ? html` <span class="muted">and ${count(more)} more</span>` : nothing}`;
}

function subscription(subscription) {
  if (!subscription) {
    return html`<span class="muted">not known now</span>`;
  }
  return html`${subscription.pattern ? html`<span class="tag">pattern</span> <code>${subscription.pattern}</code> ` : nothing}${subscription.topics.length ? some(subscription.topics) : nothing}`;
}

function silence(contact) {
  return contact ? html`<span title=${contact.sessionTimeoutMs ? `its session ends after ${duration(contact.sessionTimeoutMs)} of silence` : nothing}>${duration(contact.silentMs)} ago</span>` : '–';
}
