// What kind of batch it is, in letters: they are told apart without colours.
import {html} from '../lit.js';

const CODECS = {gzip: ['G', 'gzip'], snappy: ['S', 'snappy'], lz4: ['L', 'lz4'], zstd: ['Z', 'zstd']};
const OTHERS = [
  ['T', 'transactional'],
  ['C', 'control', 'control'],
  ['A', 'aborted', 'aborted'],
  ['O', 'open transaction', 'open'],
  ['✕', 'damaged', 'bad'],
];

/** One word, by which it is drawn. */
export function batchKind(batch) {
  if (batch.damaged || batch.crcValid === false) {
    return 'bad';
  }
  return batch.control ? 'control' : batch.transaction === 'ABORTED' ? 'aborted' : batch.transaction === 'OPEN' ? 'open' : '';
}

export function batchMarks(batch) {
  const letters = marksOf(batch).map(([letter, word, kind]) => html`<abbr class="letter ${kind}" title=${word}>${letter}</abbr>`);
  return html`<span class="marks">${letters}<span class="muted minor"> ${marksInWords(batch)}</span></span>`;
}

export function marksInWords(batch) {
  return marksOf(batch).map(([, word]) => word).join(', ') || 'not compressed';
}

/** The letters alone. */
export function lettersOf(batch) {
  return marksOf(batch).map(([letter]) => letter).join('');
}

export function marksLegend() {
  return html`<ul class="legend">${[...Object.values(CODECS), ...OTHERS].map(([letter, word, kind = '']) => html`
    <li><span class="letter ${kind}" aria-hidden="true">${letter}</span> ${word}</li>`)}</ul>`;
}

function marksOf(batch) {
  if (batch.damaged) {
    return [['✕', `damaged: ${batch.damaged.reason}`, 'bad']];
  }
  const marks = batch.codec === 'none' ? [] : [[...(CODECS[batch.codec] ?? ['?', batch.codec]), '']];
  if (batch.control) {
    marks.push(['C', batch.marker ? `${batch.marker.type.toLowerCase()} marker` : 'control', 'control']);
  } else if (batch.transactional) {
    marks.push(['T', 'transactional', '']);
  }
  if (batch.transaction === 'ABORTED') {
    marks.push(['A', 'aborted', 'aborted']);
  }
  if (batch.transaction === 'OPEN') {
    marks.push(['O', 'open transaction', 'open']);
  }
  if (batch.crcValid === false) {
    marks.push(['✕', 'bad checksum', 'bad']);
  }
  return marks;
}
