// Lists that are walked with the arrow keys: up, down, Home and End go from one row's link to the next one's.

export function followArrows(root) {
  root.addEventListener('keydown', event => {
    const row = event.target.closest?.('[data-rows] [data-row]');
    if (!row || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const rows = [...row.closest('[data-rows]').querySelectorAll('[data-row]')];
    const next = target(event.key, rows, rows.indexOf(row));
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
}

function target(key, rows, at) {
  switch (key) {
    case 'ArrowDown': return rows[Math.min(at + 1, rows.length - 1)];
    case 'ArrowUp': return rows[Math.max(at - 1, 0)];
    case 'Home': return rows[0];
    case 'End': return rows[rows.length - 1];
    default: return undefined;
  }
}
