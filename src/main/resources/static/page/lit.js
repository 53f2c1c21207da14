// The rendering library: the one place that names its version. What is put into its templates becomes text, whatever it
// is. The ways around that (unsafeHTML and its like) are not here, and a test keeps them out.
export {html, svg, render, nothing} from '/webjars/lit-html/3.3.2/lit-html.js';
export {repeat} from '/webjars/lit-html/3.3.2/directives/repeat.js';
export {live} from '/webjars/lit-html/3.3.2/directives/live.js';
