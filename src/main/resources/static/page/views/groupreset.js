// Moves what a group has committed: shows what would become of it first.
import {html, nothing} from '../lit.js';
import {send} from '../api.js';
import {to} from '../router.js';
import {confirmed} from '../parts/confirm.js';
import {count} from '../parts/format.js';
import {groupCall, nameOf} from '../parts/ids.js';
import {problemNote} from '../parts/problem.js';
import {table} from '../parts/table.js';

const TARGETS = {
  earliest: ['the start of the log'],
  latest: ['the end of the log'],
  offset: ['an offset', 'Offset', '40'],
  timestamp: ['a time', 'Time, ISO 8601 or ms', '2026-11-20T08:00:00Z'],
  shift: ['so many records on or back', 'Records', '-10'],
};

export const groupreset = {
  path: '/groups/:group/reset',
  door: 'Move offsets',
  title: () => 'Move offsets',
  trail: ({params: {group}}) => [['Groups', '#/groups'], [nameOf(group), to('groups', group)]],
  calls: context => [groupCall(context.params.group, 'offsets'), {method: 'PATCH', path: call(context), body: body(context.state)}],

  async load(context) {
    const id = context.params.group;
    const [about, offsets] = await Promise.all([context.get(groupCall(id)), context.get(groupCall(id, 'offsets'))]);
    return {about, offsets: offsets.items};
  },

  render(context) {
    const {data: {about, offsets}, state} = context;
    return html`
      ${about.members ? html`<p class="note">It has ${count(about.members)} ${about.members === 1 ? 'member' : 'members'}. Its offsets can be moved only while it has none; until then even the dry run is refused.</p>` : nothing}
      ${form(context, offsets)}
      ${state.problem ? problemNote(state.problem, false) : nothing}
      ${state.plan ? plan(context, about) : nothing}`;
  },
};

function form(context, offsets) {
  const {state} = context;
  const topics = [...new Set(offsets.map(item => item.topic))];
  const partitions = offsets.filter(item => item.topic === state.topic).map(item => item.partition);
  const change = (name, value) => { state[name] = value; forget(state); context.update(); };
  const [, label, example] = TARGETS[state.target ?? 'earliest'];
  return html`<form class="tools fill" @submit=${event => { event.preventDefault(); tryOut(context); }}>
    <label>Topic <select name="topic" @change=${event => { state.partition = ''; change('topic', event.target.value); }}>
      <option value="">all it has committed</option>
      ${topics.map(topic => html`<option value=${topic} ?selected=${topic === state.topic}>${topic}</option>`)}
    </select></label>
    ${state.topic ? html`<label>Partition <select name="partition" @change=${event => change('partition', event.target.value)}>
      <option value="">all</option>
      ${partitions.map(partition => html`<option value=${partition} ?selected=${String(partition) === state.partition}>${partition}</option>`)}
    </select></label>` : nothing}
    <label>To <select name="target" @change=${event => change('target', event.target.value)}>
      ${Object.entries(TARGETS).map(([target, [words]]) => html`<option value=${target} ?selected=${target === state.target}>${words}</option>`)}
    </select></label>
    ${label ? html`<label>${label} <input type="text" name="value" placeholder=${example} autocomplete="off" spellcheck="false" .value=${state.value ?? ''}
      @input=${event => change('value', event.target.value)}></label>` : nothing}
    <button type="submit" ?disabled=${state.asking}>Show what would become of it</button>
  </form>`;
}

function forget(state) {
  state.plan = undefined;
  state.problem = undefined;
  state.confirming = {};
}

function body({topic, partition, target = 'earliest', value = ''}) {
  const where = TARGETS[target][1] ? `${target}:${value.trim()}` : target;
  if (!topic) {
    return {to: where};
  }
  return {offsets: [{topic, ...(partition ? {partition: Number(partition)} : {}), to: where}]};
}

function call(context, dryRun = true) {
  const to = groupCall(context.params.group, 'offsets');
  return `${to}${to.includes('?') ? '&' : '?'}dryRun=${dryRun}`;
}

async function tryOut(context) {
  const {state} = context;
  forget(state);
  state.asking = true;
  context.update();
  const asked = body(state);
  try {
    const answer = await send('PATCH', call(context), asked, {signal: context.signal});
    state.plan = {asked, items: answer.items};
  } catch (problem) {
    state.problem = problem;
  }
  state.asking = false;
  context.update();
}

function plan(context, about) {
  const {state} = context;
  const {items, asked, moved} = state.plan;
  const moving = items.filter(moves);
  return html`<section aria-label=${moved ? 'What was moved' : 'What would become of it'}>
    <h2>${moved ? 'Moved' : 'What would become of it'} ${moved ? nothing : html`<small>nothing has been changed</small>`}</h2>
    ${table([
      {head: 'Partition', cell: item => `${item.topic}-${item.partition}`},
      {head: 'Committed', number: true, cell: item => count(item.before)},
      {head: '', cell: () => html`<span aria-label="becomes">→</span>`},
      {head: 'Then', number: true, cell: item => html`<strong>${count(item.after)}</strong>`},
      {head: 'Difference', number: true, cell: difference},
      {head: 'Log', minor: true, cell: item => html`<span class="muted">${count(item.logStartOffset)} to ${count(item.endOffset)}</span>`},
      {head: 'Remark', grow: true, cell: item => item.note ?? ''},
    ], items, {empty: html`<p class="muted">There is nothing to be moved.</p>`})}
    <div class="act">${moving.length || moved ? confirmed(context, state.confirming, {
      ask: `Move ${count(moving.length)} ${moving.length === 1 ? 'offset' : 'offsets'}…`,
      explain: html`The group <code>${nameOf(about.group)}</code> will go on from there. What it reads again it may do again; what it skips it won’t see.`,
      confirm: 'Move them',
      done: html`Moved, and on disk. The group goes on from there when its members come back: <a href=${to('groups', about.group)}>${nameOf(about.group)}</a>`,
      act: async () => {
        const answer = await send('PATCH', call(context, false), asked);
        state.plan = {asked, items: answer.items, moved: true};
      },
    }) : html`<p class="muted">Nothing would move.</p>`}</div>
  </section>`;
}

function moves(item) {
  return item.after !== undefined && item.after !== null && item.after !== item.before;
}

function difference(item) {
  if (!moves(item)) {
    return html`<span class="muted">stays</span>`;
  }
  const by = item.after - (item.before ?? 0);
  return by > 0 ? html`+${count(by)} <small>skipped</small>` : html`−${count(-by)} <small>again</small>`;
}
