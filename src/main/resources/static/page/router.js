// Addresses: what follows the # is the path of a view, and mostly that of its REST call as well.

/** The link to a view; each part is escaped. */
export function to(...parts) {
  return '#/' + parts.map(part => encodeURIComponent(part)).join('/');
}

/** The same with parameters; empty ones are left out. */
export function toWith(parts, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') {
      query.set(name, value);
    }
  }
  const text = query.toString();
  return text ? `${to(...parts)}?${text}` : to(...parts);
}

/** The link to the view with a path such as '/topics/:topic'. */
export function fill(path, params) {
  return to(...path.split('/').filter(Boolean).map(part => part.startsWith(':') ? params[part.slice(1)] : part));
}

/** Which of the views an address means: {view, params, query}, or undefined. */
export function match(views, hash) {
  const [path, search = ''] = hash.replace(/^#/, '').split('?', 2);
  const parts = path.split('/').filter(Boolean);
  const query = Object.fromEntries(new URLSearchParams(search));
  for (const view of views) {
    const params = fit(view.path.split('/').filter(Boolean), parts);
    if (params) {
      return {view, params, query};
    }
  }
  return undefined;
}

function fit(pattern, parts) {
  if (pattern.length !== parts.length) {
    return undefined;
  }
  const params = {};
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i].startsWith(':')) {
      try {
        params[pattern[i].slice(1)] = decodeURIComponent(parts[i]);
      } catch {
        return undefined;
      }
    } else if (pattern[i] !== parts[i]) {
      return undefined;
    }
  }
  return params;
}
