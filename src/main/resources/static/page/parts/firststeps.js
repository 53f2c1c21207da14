// What to do with a broker that has nothing yet.
import {html} from '../lit.js';
import {copyButton} from './copy.js';

/** @param topic the topic to write to; one is made on demand if it is not there */
export function firstSteps({host, port}, topic = 'orders') {
  const commands = [
    ['With kcat', `echo 'order-1:{"item":"apple","count":3}' | kcat -P -b ${host}:${port} -t ${topic} -K:`],
    ['With curl', `curl -s '${location.origin}/api/v1/topics/${topic}/records' -H 'Content-Type: application/json' -d '{"key":"order-1","value":{"item":"apple","count":3}}'`],
  ];
  return html`<section class="steps">
    <h2>Nothing is written yet</h2>
    <p>Any Kafka client will do: it connects to <code>${host}:${port}</code>, without any set-up. A first record:</p>
    ${commands.map(([name, command]) => html`<div class="command"><h3>${name}</h3><pre tabindex="0">${command}</pre>${copyButton(() => command)}</div>`)}
  </section>`;
}
