// Configs: what holds, and where that comes from.
import {html} from '../lit.js';
import {bytes, duration} from './format.js';
import {table} from './table.js';

const ORIGINS = {
  DYNAMIC_TOPIC_CONFIG: 'this topic',
  DYNAMIC_BROKER_CONFIG: 'this broker',
  DYNAMIC_DEFAULT_BROKER_CONFIG: 'all brokers',
  STATIC_BROKER_CONFIG: 'server.properties',
  DEFAULT_CONFIG: 'default',
};

export function configTable(items) {
  return table([
    {head: 'Config', cell: config => html`<code>${config.name}</code>`},
    {head: 'Value', cell: config => html`<code>${config.sensitive ? '(hidden)' : config.value === '' ? '“”' : config.value}</code> <small>${meaning(config)}</small>`},
    {head: 'Set by', cell: config => ORIGINS[config.origin] ?? config.origin},
    {head: 'Default', minor: true, cell: config => html`<code class="muted">${config.defaultValue ?? '–'}</code>`},
  ], items, {
    mark: config => config.origin === 'DYNAMIC_TOPIC_CONFIG' ? 'own' : '',
    empty: html`<p class="muted">Nothing is set: all defaults hold.</p>`,
  });
}

function meaning({name, value, type}) {
  const number = Number(value);
  if ((type !== 'INT' && type !== 'LONG') || !Number.isFinite(number) || number < 1000) {
    return '';
  }
  if (number >= 2 ** 53) {
    return 'no limit';
  }
  return name.endsWith('.ms') ? duration(number) : name.endsWith('bytes') ? bytes(number) : '';
}
