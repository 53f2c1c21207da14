// Calls about groups and transactional ids, whose names may be any text: some don't survive in a path.
import {BASE, path} from '../api.js';

/** groupCall('billing', 'offsets') */
export function groupCall(id, ...part) {
  return callOf('group', id, part);
}

export function transactionCall(id, ...part) {
  return callOf('transaction', id, part);
}

function callOf(kind, id, part) {
  return fits(id) ? path(`${kind}s`, id, ...part) : `${[`${BASE}/${kind}`, ...part].join('/')}?id=${encodeURIComponent(id)}`;
}

function fits(id) {
  return id !== '' && id !== '.' && id !== '..' && !/\p{Cc}/u.test(id);
}

/** An id as it can be read: with marks where it has what can't be seen. */
export function nameOf(id) {
  return id === '' ? '(empty)' : id.replace(/\p{Cc}/gu, '␣');
}

/** Where on this page a link of the API leads, if it leads to something that has a view. */
export function viewOf(link) {
  const [, place] = /^\/api\/v1((?:\/(?:topics|groups|transactions|connections)\/[^/?]+)(?:\/partitions\/\d+(?:\/(?:records|batches|segments)\/\d+)?)?)(?:\?.*)?$/.exec(link) ?? [];
  return place ? `#${place}` : undefined;
}
