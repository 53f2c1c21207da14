// Numbers, sizes and times as people read them.

const COUNT = new Intl.NumberFormat('en');
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** 1,234,567 */
export function count(number) {
  return number === undefined || number === null ? '–' : COUNT.format(number);
}

/** 1.2 MiB */
export function bytes(number) {
  if (number === undefined || number === null) {
    return '–';
  }
  let unit = 0;
  let value = number;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** 1.2k: for rates, where three digits are enough. */
export function short(number) {
  if (number < 10) {
    return number === 0 ? '0' : number.toFixed(1);
  }
  if (number < 10_000) {
    return count(Math.round(number));
  }
  return number < 1_000_000 ? `${(number / 1000).toFixed(1)}k` : `${(number / 1_000_000).toFixed(1)}M`;
}

/** 850 µs, 12 ms, 3.4 s */
export function micros(number) {
  if (number < 1000) {
    return `${Math.round(number)} µs`;
  }
  return number < 1_000_000 ? `${(number / 1000).toFixed(number < 10_000 ? 1 : 0)} ms` : `${(number / 1_000_000).toFixed(1)} s`;
}

/** 3 d 4 h, 2 h 5 min, 41 s: two units at most. */
export function duration(ms) {
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  const seconds = Math.floor(ms / 1000);
  const parts = [[86_400, 'd'], [3_600, 'h'], [60, 'min'], [1, 's']]
    .map(([size, name], i, all) => [Math.floor((i ? seconds % all[i - 1][0] : seconds) / size), name]);
  const begin = parts.findIndex(([number]) => number > 0);
  return parts.slice(begin, begin + 2).filter(([number]) => number > 0).map(([number, name]) => `${number} ${name}`).join(' ');
}

/** 12:03:41.250 today, with the date before it on other days; the local time. */
export function time(timestamp) {
  if (timestamp === undefined || timestamp === null || timestamp < 0) {
    return '–';
  }
  const at = new Date(timestamp);
  const two = number => String(number).padStart(2, '0');
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return at.toDateString() === new Date().toDateString() ? clock : `${day} ${clock}`;
}

/** How long ago, roughly. */
export function ago(timestamp) {
  const ms = Date.now() - timestamp;
  return ms < 1500 ? 'just now' : `${duration(ms).split(' ').slice(0, 2).join(' ')} ago`;
}
