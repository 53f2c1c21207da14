// All groups, with the lag of each as it moves.
import {html, nothing} from '../lit.js';
import {path, withQuery} from '../api.js';
import {to} from '../router.js';
import {count} from '../parts/format.js';
import {nameOf} from '../parts/ids.js';
import {lagLine, lagTrend, rememberLag} from '../parts/lagline.js';
import {table} from '../parts/table.js';

const STEP = 100;
const ARROWS = {grows: '↗', shrinks: '↘', same: '→'};

export const groups = {
  path: '/groups',
  nav: 'Groups',
  everyMs: 2000,
  title: () => 'Groups',
  calls: context => [call(context)],

  async load(context) {
    const page = await context.get(call(context));
    page.items.forEach(group => rememberLag(group.group, group.lag));
    return page;
  },

  render(context) {
    const {data: {items, total, next}, state} = context;
    const filter = (state.filter ?? '').toLowerCase();
    const found = items.filter(group => group.group.toLowerCase().includes(filter));
    return html`
      <div class="tools">
        <label>Find <input type="search" .value=${state.filter ?? ''} autocomplete="off" spellcheck="false"
          @input=${event => { state.filter = event.target.value; context.update(); }}></label>
        <span class="muted" role="status">${filter ? `${count(found.length)} of ` : nothing}${count(total ?? items.length)} ${total === 1 ? 'group' : 'groups'}</span>
      </div>
      <section>${listing(found, items.length)}
        ${next ? html`<p><button type="button" @click=${() => { state.limit = limit(context) + STEP; context.reload(); }}>Show more</button></p>` : nothing}
      </section>`;
  },
};

function limit({state}) {
  return state.limit ?? STEP;
}

function call(context) {
  return withQuery(path('groups'), {limit: limit(context)});
}

function listing(found, all) {
  return table([
    {head: 'Group', cell: group => nameOf(group.group), grow: true},
    {head: 'Type', minor: true, cell: group => group.type},
    {head: 'State', cell: group => html`<span class="tag ${group.members ? '' : 'none'}">${group.state}</span>`},
    {head: 'Members', number: true, cell: group => count(group.members)},
    {head: 'Partitions', number: true, minor: true, cell: group => count(group.partitionsCommitted), title: 'Of how many an offset is committed'},
    {head: 'Lag', number: true, cell: group => html`${trend(group.group)}<span data-lag>${count(group.lag)}</span>`, title: 'Records behind what is committed'},
    {head: 'Since this page was opened', minor: true, cell: group => html`<div class="lagline">${lagLine(group.group)}</div>`},
  ], found, {
    href: group => group.group === '' ? undefined : to('groups', group.group),
    empty: all ? html`<p class="muted">None has such an id.</p>`
      : html`<p class="muted">No group yet. A consumer with a <code>group.id</code> makes one.</p>`,
  });
}

function trend(group) {
  const way = lagTrend(group);
  return html`<span class="trend" title=${way ?? nothing}>${ARROWS[way] ?? ''}</span>`;
}
