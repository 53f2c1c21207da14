// Asks again and again: never twice at a time, not while nobody looks, not while somebody has said pause.

let paused = false;
const resumed = new Set();

export function isPaused() {
  return paused;
}

export function togglePause() {
  paused = !paused;
  wake();
}

/** Calls `work` now and, if `ms` is given, again so long after each time it was done, until the signal says stop. */
export async function every(ms, signal, work) {
  await work();
  while (ms && !signal.aborted) {
    await sleep(ms, signal);
    while (!signal.aborted && (paused || document.hidden)) {
      await woken(signal);
    }
    if (!signal.aborted) {
      await work();
    }
  }
}

function sleep(ms, signal) {
  return new Promise(resolve => {
    const done = () => { clearTimeout(timer); signal.removeEventListener('abort', done); resolve(); };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

function woken(signal) {
  return new Promise(resolve => {
    const done = () => { resumed.delete(done); signal.removeEventListener('abort', done); resolve(); };
    resumed.add(done);
    signal.addEventListener('abort', done);
  });
}

function wake() {
  for (const done of [...resumed]) {
    done();
  }
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    wake();
  }
});
