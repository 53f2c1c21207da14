// One group: why it does not come on, how far it is, who reads what, and what has happened to it.
import {html, nothing} from '../lit.js';
import {count, duration} from '../parts/format.js';
import {facts} from '../parts/facts.js';
import {findings} from '../parts/findings.js';
import {groupCall, nameOf} from '../parts/ids.js';
import {lagLine, rememberLag} from '../parts/lagline.js';
import {memberTable} from '../parts/members.js';
import {groupOffsets} from '../parts/groupoffsets.js';
import {inFlight} from '../parts/inflight.js';
import {timeline} from '../parts/timeline.js';

const EVENTS = 50;

export const group = {
  path: '/groups/:group',
  everyMs: 2000,
  title: ({params}) => nameOf(params.group),
  trail: () => [['Groups', '#/groups']],
  calls: ({params: {group}, data}) => [
    groupCall(group), groupCall(group, 'members'), groupCall(group, 'offsets'), groupCall(group, 'timeline'), groupCall(group, 'diagnosis'),
    ...(data?.about.links.delivery ? [data.about.links.delivery] : []),
  ],

  async load(context) {
    const id = context.params.group;
    const about = await context.get(groupCall(id));
    rememberLag(id, about.lag);
    const [members, offsets, events, diagnosis, delivery] = await Promise.all([
      context.get(groupCall(id, 'members')),
      context.get(groupCall(id, 'offsets')),
      context.get(limited(groupCall(id, 'timeline'))),
      context.get(groupCall(id, 'diagnosis')),
      about.links.delivery ? context.get(about.links.delivery) : undefined,
    ]);
    return {about, members: members.items, offsets: offsets.items, events, diagnosis, delivery};
  },

  render(context) {
    const {about, members, offsets, events, diagnosis, delivery} = context.data;
    return html`
      <section>${facts([
        ['State', about.state],
        ['Type', about.type],
        ['Members', count(about.members)],
        ['Lag', html`<span data-lag>${count(about.lag)}</span>`],
        about.assignor ? ['Assignor', about.assignor] : undefined,
        about.epoch === undefined ? undefined : ['Epoch', about.epoch, about.assignmentEpoch === about.epoch ? undefined : `assignment of ${about.assignmentEpoch}`],
        ['Commits', count(events.offsets.commits), events.offsets.refusedCommits ? `${count(events.offsets.refusedCommits)} refused` : undefined],
        ['Kept in', html`<a href="#/topics/__consumer_offsets/partitions/${about.coordinatorPartition}">__consumer_offsets-${about.coordinatorPartition}</a>`],
      ])}
      <div class="lagline long" title="Lag since this page was opened">${lagLine(context.params.group)}</div></section>
      <section>
        <h2>Why it is where it is</h2>
        ${findings(diagnosis)}
      </section>
      <section>
        <h2>Offsets</h2>
        ${groupOffsets(context, offsets)}
      </section>
      ${delivery ? inFlight(delivery) : nothing}
      <section>
        <h2>Members</h2>
        ${waiting(events)}
        ${memberTable(members, events.members)}
      </section>
      <section>
        <h2>What has happened to it</h2>
        ${timeline(events)}
      </section>`;
  },
};

function limited(call) {
  return `${call}${call.includes('?') ? '&' : '?'}limit=${EVENTS}`;
}

function waiting({rebalancingSinceIso, asOfIso, waiting}) {
  if (!rebalancingSinceIso) {
    return nothing;
  }
  const names = [...new Set(waiting.flatMap(member => member.waitsFor))];
  return html`<p class="note">It rebalances, for ${duration(Date.parse(asOfIso) - Date.parse(rebalancingSinceIso))} now.
    ${names.length ? html`${count(waiting.length)} wait for <code>${names.join(', ')}</code>.` : nothing}</p>`;
}
