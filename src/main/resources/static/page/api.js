// Asks the broker. What it refuses is a Problem, as RFC 9457 has it.

export const BASE = '/api/v1';

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `The broker answered ${status}.`);
    this.status = status;
    this.title = body.title || 'The broker refused';
    this.errorName = body.errorName;
    this.violations = body.violations || [];
    this.body = body;
  }
}

/** A path below /api/v1; each part is escaped. */
export function path(...parts) {
  return [BASE, ...parts.map(part => encodeURIComponent(part))].join('/');
}

/** The same with parameters; those that are undefined, null or empty are left out. */
export function withQuery(to, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') {
      query.set(name, value);
    }
  }
  const text = query.toString();
  return text ? `${to}?${text}` : to;
}

/**
 * The JSON at a path.
 *
 * @param exact keeps the digits of all numbers, as records have them; those that JavaScript would change become
 *     objects that JSON.stringify writes as they were
 */
export async function get(to, {signal, exact = false} = {}) {
  return ask(to, {signal, headers: {Accept: 'application/json'}}, exact);
}

/** Sends a JSON body. */
export async function send(method, to, body, {signal} = {}) {
  const headers = {Accept: 'application/json', 'Content-Type': 'application/json'};
  return ask(to, {method, signal, headers, body: body === undefined ? undefined : JSON.stringify(body)}, false);
}

/** The bytes at a path. */
export async function getBytes(to, {signal} = {}) {
  const answer = await reach(to, {signal, headers: {Accept: 'application/octet-stream, application/problem+json'}});
  if (!answer.ok) {
    throw await problemOf(answer);
  }
  return new Uint8Array(await answer.arrayBuffer());
}

async function ask(to, options, exact) {
  const answer = await reach(to, options);
  // Health says DOWN with a 503; that is an answer.
  if (!answer.ok && !(to.startsWith('/actuator/') && answer.status === 503)) {
    throw await problemOf(answer);
  }
  const text = await answer.text();
  if (!text) {
    return undefined;
  }
  return exact ? parse(text) : JSON.parse(text);
}

/** JSON, with the digits of all numbers as they are. */
export function parse(text) {
  return JSON.rawJSON ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

/** An answer of whatever kind; none at all is a Problem. */
export async function reach(to, options) {
  try {
    return await fetch(to, options);
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new Problem(0, {title: 'No answer', detail: 'The broker can’t be reached. It may be stopped or restarting.'});
  }
}

/** What a refusal says. */
export async function problemOf(answer) {
  try {
    return new Problem(answer.status, await answer.json());
  } catch {
    return new Problem(answer.status, {});
  }
}

function keepDigits(key, value, context) {
  return typeof value === 'number' && context && context.source !== undefined && String(value) !== context.source
    ? JSON.rawJSON(context.source)
    : value;
}
