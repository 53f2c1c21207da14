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

/**
 * A command that shows what the page shows, or does what it does. Quotes of a shell don't end in what is quoted.
 *
 * @param call a path, or {method, path, body}
 */
export function curl(call) {
  const {method, path = call, body} = call;
  const url = `'${location.origin}${path.replaceAll("'", '%27')}'`;
  const [place, query = ''] = path.split('?');
  const format = new URLSearchParams(query).get('format');
  if (place.endsWith('/stream')) {
    return `curl -sN ${url}`;
  }
  if (format === 'hex') {
    return `curl -s ${url}`;
  }
  if (format === 'raw') {
    return `curl -sOJ ${url}`;
  }
  return `curl -s ${method ? `-X ${method} ` : ''}${body ? `-H 'Content-Type: application/json' -d '${JSON.stringify(body).replaceAll("'", '\\u0027')}' ` : ''}${url} | jq`;
}
