// A button that copies text.
import {html} from '../lit.js';

export function copyButton(text, label = 'Copy') {
  return html`<button class="quiet copy" type="button" @click=${event => copy(event.currentTarget, text(), label)}>${label}</button>`;
}

async function copy(button, text, label) {
  let said = 'Copied';
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    said = 'Can’t copy';
  }
  const place = button.lastChild;
  place.data = said;
  setTimeout(() => { place.data = label; }, 1500);
}
