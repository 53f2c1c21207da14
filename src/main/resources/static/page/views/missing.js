// An address that leads nowhere.
import {html} from '../lit.js';

export const missing = {
  path: '/missing',
  title: () => 'There is nothing here',
  render: () => html`<p class="note">No view has this address. <a href="#/">The overview</a> leads everywhere else.</p>`,
};
