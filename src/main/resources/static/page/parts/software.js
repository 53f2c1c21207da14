// What a client says of itself.
import {html} from '../lit.js';

const NAMES = {'apache-kafka-java': 'Java', librdkafka: 'librdkafka'};

export function software({software: said}) {
  return said ? html`${NAMES[said.name] ?? said.name} <small>${said.version}</small>` : html`<span class="muted">not said</span>`;
}
