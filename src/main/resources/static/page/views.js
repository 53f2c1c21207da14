// All views there are. A further one is a module in views/ and a line here; those with `nav` are in the navigation, in
// this order.
import {overview} from './views/overview.js';
import {topics} from './views/topics.js';

export const views = [overview, topics];
