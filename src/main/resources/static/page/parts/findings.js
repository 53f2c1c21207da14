// Why a group does not come on, as its diagnosis says.
import {html, nothing} from '../lit.js';
import {to} from '../router.js';

const VERDICTS = {
  STUCK: ['✕', 'Stuck', 'bad'], WARNING: ['!', 'Something may hold it up', 'warn'], NOTE: ['i', 'Nothing holds it up', 'fine'], OK: ['✓', 'It comes on', 'fine'],
};

export function findings({verdict, findings: items}) {
  const [sign, words, kind] = VERDICTS[verdict] ?? ['?', verdict, 'warn'];
  return html`<p class="verdict ${kind}"><span class="sign" aria-hidden="true">${sign}</span> <strong data-verdict=${verdict}>${words}</strong></p>
    <ul class="findings">${together(items).map(one)}</ul>`;
}

/** The same about several partitions is said once. */
function together(items) {
  const kinds = new Map();
  for (const item of items) {
    const key = `${item.finding} ${item.severity} ${item.memberId ?? ''} ${item.topic ?? ''}`;
    kinds.set(key, [...(kinds.get(key) ?? []), item]);
  }
  return [...kinds.values()];
}

function one(items) {
  const [item] = items;
  const [sign, , kind] = VERDICTS[item.severity] ?? VERDICTS.NOTE;
  const partitions = items.filter(each => each.partition !== undefined);
  return html`<li class=${kind}>
    <span class="sign" title=${item.severity}>${sign}</span>
    <div>
      <p><code class="finding">${item.finding}</code> ${item.topic !== undefined && !partitions.length ? html`<code>${item.topic}</code>` : nothing}
        ${partitions.map(each => html`<a href=${to('topics', each.topic, 'partitions', each.partition)}>${each.topic}-${each.partition}</a> `)}</p>
      <p>${item.explanation}</p>
      ${evidence(item)}
    </div></li>`;
}

function evidence({evidence: found, memberId}) {
  const items = [...(memberId ? [['memberId', memberId]] : []), ...Object.entries(found ?? {})];
  return items.length ? html`<details><summary>Evidence</summary>
    <dl class="evidence">${items.map(([name, value]) => html`<div><dt>${name}</dt><dd>${typeof value === 'string' ? value : JSON.stringify(value)}</dd></div>`)}</dl></details>` : nothing;
}
