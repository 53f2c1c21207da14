// The lags of groups as they were while this page was open: kept by group, so that all views draw the same line.
import {sparkline} from './sparkline.js';

const ROOM = 60;
// Older ones would make a line over a time when nobody asked.
const GAP_MS = 15_000;
const MAX_GROUPS = 1_000;

const lines = new Map();

export function rememberLag(group, lag) {
  const now = Date.now();
  const line = lines.get(group);
  if (line && now - line.at <= GAP_MS) {
    line.values = [...line.values.slice(-(ROOM - 1)), lag];
    line.at = now;
  } else if (line || lines.size < MAX_GROUPS) {
    lines.set(group, {at: now, values: [lag]});
  }
}

export function lagLine(group) {
  return sparkline(lines.get(group)?.values ?? [], {room: ROOM, label: `Lag of ${group} since this page was opened`});
}

/** 'grows', 'shrinks', 'same', or undefined as long as it can't be told. */
export function lagTrend(group) {
  const values = lines.get(group)?.values ?? [];
  if (values.length < 2) {
    return undefined;
  }
  const before = values[Math.max(0, values.length - 6)];
  const now = values.at(-1);
  return now > before ? 'grows' : now < before ? 'shrinks' : 'same';
}
