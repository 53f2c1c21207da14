// "as curl" and "as JSON": everything that is seen here can be had without a browser.
import {html, nothing} from '../lit.js';
import {copyButton} from './copy.js';

export function callsBar(calls) {
  if (calls.length === 0) {
    return nothing;
  }
  return html`
    <details class="calls" @focusout=${leave} @keydown=${escape}>
      <summary title="The same with curl">as curl</summary>
      <div class="pop" tabindex="-1">
        ${calls.map(call => html`<div class="command"><pre tabindex="0">${curl(call)}</pre>${copyButton(() => curl(call))}</div>`)}
      </div>
    </details>
    <a class="json" href=${calls[0]} target="_blank" rel="noopener">as JSON</a>`;
}

function leave(event) {
  if (!event.currentTarget.contains(event.relatedTarget)) {
    event.currentTarget.open = false;
  }
}

function escape(event) {
  if (event.key === 'Escape') {
    event.currentTarget.open = false;
    event.currentTarget.querySelector('summary').focus();
  }
}

/** A command that shows what the page shows. Quotes of a shell don't end in what is quoted. */
export function curl(call) {
  return `curl -s '${location.origin}${call.replaceAll("'", '%27')}' | jq`;
}
