// Begins here: the top of the page, and a view whenever the address changes.
import {showTop} from './top.js';
import {match} from './router.js';
import {open} from './frame.js';
import {views} from './views.js';
import {followArrows} from './parts/rows.js';
import {missing} from './views/missing.js';

let first = true;
let shown;
let address = '#/';

function go() {
  const hash = location.hash || '#/';
  // The link that skips to the content is no address of a view.
  if (hash === '#main') {
    history.replaceState(null, '', address);
    document.getElementById('main').focus();
    return;
  }
  address = hash;
  const found = match(views, hash) || {view: missing, params: {}, query: {}};
  shown?.leave();
  shown = open(document.getElementById('main'), found, {takeFocus: !first});
  showTop(document.getElementById('top'), found.view);
  first = false;
}

followArrows(document);
addEventListener('hashchange', go);
go();
