// Follows a stream of server-sent events, with fetch: so a refusal can be read, and whoever comes back after a pause goes on
// exactly behind the last event. What comes faster than it is taken stays with the broker.
import {parse, problemOf, reach} from '../api.js';

const AGAIN_AFTER_MS = 1500;
const STOPPING = 'the broker is stopping';

/**
 * @param on (events) => void, with all events that came together: [{event, data}, …]
 * @param changed (state, problem?) => void: 'connecting', 'open', 'paused', 'waiting' to ask again, 'refused', 'ended'
 * @return {pause(), resume()}
 */
export function follow(to, signal, {on, changed}) {
  const line = {to, on, changed, signal, paused: false, lastId: undefined, wake: () => {}};
  const looked = () => { line.stop?.(); line.wake(); };
  document.addEventListener('visibilitychange', looked, {signal});
  signal.addEventListener('abort', () => line.wake(), {once: true});
  keepOn(line);
  return {
    pause() { line.paused = true; looked(); },
    resume() { line.paused = false; looked(); },
  };
}

async function keepOn(line) {
  while (!line.signal.aborted) {
    if (line.paused || document.hidden) {
      line.changed('paused');
      await woken(line);
      continue;
    }
    line.changed('connecting', line.problem);
    const over = await once(line);
    if (over || line.signal.aborted) {
      return;
    }
    if (!line.paused && !document.hidden) {
      line.changed('waiting', line.problem);
      await woken(line, AGAIN_AFTER_MS);
    }
  }
}

/** One connection. @return whether there is no use in another one */
async function once(line) {
  const stopping = new AbortController();
  line.stop = () => stopping.abort();
  try {
    const headers = {Accept: 'text/event-stream, application/problem+json', ...(line.lastId ? {'Last-Event-ID': line.lastId} : {})};
    const answer = await reach(line.to, {signal: AbortSignal.any([line.signal, stopping.signal]), headers});
    if (!answer.ok) {
      throw await problemOf(answer);
    }
    return await read(line, answer.body.pipeThrough(new TextDecoderStream()).getReader());
  } catch (problem) {
    if (line.signal.aborted || stopping.signal.aborted) {
      return false;
    }
    // Too many streams, or a broker that restarts: it may be otherwise in a moment.
    const lasting = problem.status >= 400 && problem.status !== 503;
    line.problem = problem.status ? problem : undefined;
    if (lasting && line.lastId) {
      // It may be the place that is refused, which a broker that has restarted does not know.
      line.lastId = undefined;
      return false;
    }
    if (lasting) {
      line.changed('refused', problem);
    }
    return lasting;
  }
}

async function read(line, reader) {
  let rest = '';
  let open = false;
  for (;;) {
    const {value, done} = await reader.read();
    if (done) {
      return false;
    }
    const parts = (rest + value).split('\n\n');
    rest = parts.pop();
    // With the first word it is certain where it begins.
    if (parts.length && !open) {
      open = true;
      line.problem = undefined;
      line.changed('open');
    }
    const events = parts.map(part => event(line, part)).filter(({event: kind}) => kind);
    if (events.length) {
      line.on(events);
    }
    const last = events.find(({event: kind}) => kind === 'end');
    if (last) {
      // A broker that stops comes back, as a rule.
      const over = last.data?.reason !== STOPPING;
      if (over) {
        line.changed('ended');
      }
      return over;
    }
  }
}

/** A comment has no kind, but may have an id. */
function event(line, text) {
  let kind;
  let data = '';
  for (const field of text.split('\n')) {
    if (field.startsWith('id: ')) {
      line.lastId = field.slice(4);
    } else if (field.startsWith('event: ')) {
      kind = field.slice(7);
    } else if (field.startsWith('data: ')) {
      data += field.slice(6);
    }
  }
  return {event: kind, data: kind && data ? parse(data) : undefined};
}

function woken(line, ms) {
  return new Promise(resolve => {
    const timer = ms && setTimeout(resolve, ms);
    line.wake = () => { clearTimeout(timer); resolve(); };
  });
}
