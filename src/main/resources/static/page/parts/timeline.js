// What has happened to a group, newest first.
import {html, nothing} from '../lit.js';
import {count} from './format.js';
import {when} from './when.js';

export function timeline({events, droppedEvents}) {
  if (events.length === 0) {
    return html`<p class="muted">Nothing is known.</p>`;
  }
  return html`<ol class="events">${events.map(event => html`
    <li class=${event.kind === 'REBALANCED' ? 'main' : ''}>
      ${when(event.timestamp)}
      <span class="kind">${event.kind}</span>
      <div>
        ${event.cause ? html`<strong>${event.cause}</strong> ` : nothing}<span class="detail">${event.detail}</span>
        ${event.epoch === undefined ? nothing : html`<span class="tag">epoch ${event.epoch}</span>`}
        ${event.times ? html`<span class="tag">${count(event.times)} times</span>` : nothing}
        ${event.inferred ? html`<span class="tag none" title="Concluded from what is in the log">inferred</span>` : nothing}
        ${event.replayed ? html`<span class="tag none" title="Read from the log when the broker started">replayed</span>` : nothing}
        ${event.memberId && !event.detail.includes(event.memberId) ? html`<small>${event.memberId}</small>` : nothing}
      </div></li>`)}</ol>
    ${droppedEvents ? html`<p class="muted">${count(droppedEvents)} older ones are forgotten.</p>` : nothing}`;
}
