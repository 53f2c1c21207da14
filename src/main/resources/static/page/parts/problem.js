// What went wrong, as the broker says it (RFC 9457).
import {html, nothing} from '../lit.js';

/** @param stale whether what is shown below is from before */
export function problemNote(problem, stale) {
  return html`<section class="problem" role="alert">
    <h2>${problem.title || 'This page has failed'}${problem.status ? html` <span class="code">${problem.status}</span>` : nothing}
      ${problem.errorName ? html` <span class="code">${problem.errorName}</span>` : nothing}</h2>
    <p>${problem.message}</p>
    ${problem.violations?.length
      ? html`<ul>${problem.violations.map(violation => html`<li><code>${violation.parameter}</code> ${violation.message}</li>`)}</ul>`
      : nothing}
    ${stale ? html`<p class="muted">What is shown below is from before.</p>` : nothing}
  </section>`;
}
