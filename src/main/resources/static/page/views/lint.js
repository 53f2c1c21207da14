// What would be different on a cluster, or in production.
import {html, nothing} from '../lit.js';
import {path, withQuery} from '../api.js';
import {count} from '../parts/format.js';

const SIGNS = {RISK: ['✕', 'bad'], WARNING: ['!', 'warn'], NOTE: ['i', 'fine']};

export const lint = {
  path: '/lint',
  nav: 'Lint',
  title: () => 'What would be different on a cluster',
  calls: context => [call(context)],
  load: context => context.get(call(context)),

  render(context) {
    const {data: {items, totals}, state} = context;
    return html`
      <div class="tools">
        <span role="status">${Object.entries(totals).map(([severity, number]) => html`<span class="tag">${severity} ${count(number)}</span> `)}</span>
        <label><input type="checkbox" .checked=${Boolean(state.all)} @change=${event => { state.all = event.target.checked; context.reload(); }}> Rules that have found nothing, too</label>
      </div>
      <section><ul class="findings">${items.map(rule)}</ul>
      ${items.length ? nothing : html`<p class="muted">Nothing.</p>`}</section>`;
  },
};

function call({state}) {
  return withQuery(path('lint'), {all: state.all ? true : undefined});
}

function rule(item) {
  const [sign, kind] = item.count === 0 ? ['✓', 'fine'] : SIGNS[item.severity] ?? SIGNS.NOTE;
  return html`<li class=${kind}><span class="sign" title=${item.severity}>${sign}</span>
    <div>
      <p><code class="finding">${item.id}</code> <small>${item.severity}</small></p>
      <p>${item.onACluster}</p>
      <p><strong>To change it.</strong> ${item.change}</p>
      ${item.findings.map(finding => html`<dl class="evidence"><div><dt>Of</dt><dd>${finding.subject}</dd></div>
        ${Object.entries(finding.evidence).map(([name, value]) => html`<div><dt>${name}</dt><dd>${typeof value === 'string' ? value : JSON.stringify(value)}</dd></div>`)}</dl>`)}
      ${item.count > item.findings.length ? html`<p class="muted">And ${count(item.count - item.findings.length)} more.</p>` : nothing}
    </div></li>`;
}
