// From what the broker says of a batch's bytes: groups of fields, and the lines of a hex view with the same fields in them.

const WIDTH = 16;

/** @return {groups: [{title, index?, fields}], places: [{name, runs}]}; each field has an id, and `up`, the fields it lies in */
export function dissect(anatomy) {
  const header = number('h', anatomy.fields);
  const records = anatomy.records.map(record => ({index: record.index, fields: number(`r${record.index}`, record.fields)}));
  const inBatch = [...header];
  const unpacked = [];
  (anatomy.in === 'batch' ? inBatch : unpacked).push(...records.flatMap(record => record.fields));
  return {
    groups: [{title: 'Batch header', fields: header}, ...records.map(({index, fields}) => ({title: `Record ${index}`, index, fields}))],
    places: [{name: 'batch', lines: lines(inBatch)}, ...(unpacked.length ? [{name: 'uncompressed', lines: lines(unpacked)}] : [])],
  };
}

function number(prefix, fields) {
  const byName = new Map();
  return fields.map((field, i) => {
    const parent = byName.get(field.name.slice(0, field.name.lastIndexOf('.')));
    const numbered = {...field, id: `${prefix}-${i}`, up: parent ? [...parent.up, parent.id] : []};
    byName.set(field.name, numbered);
    return numbered;
  });
}

/**
 * Lines of up to sixteen bytes: {position, runs: [{field, shade, from, bytes: [hex]}]}, and {gap: bytes} where there is
 * more than was asked for. Fields follow one another; one that lies in another takes its part of the other's bytes.
 */
function lines(fields) {
  const found = [];
  let line;
  let shade = 0;
  for (const {field, from, bytes} of pieces(fields)) {
    shade = 1 - shade;
    for (let i = 0; i < bytes.length; i++) {
      const position = from + i;
      if (!line || position % WIDTH === 0 || position !== line.next) {
        line = {position, next: position, runs: []};
        found.push(line);
      }
      let run = line.runs.at(-1);
      if (!run || run.field !== field) {
        run = {field, shade, column: position % WIDTH, bytes: []};
        line.runs.push(run);
      }
      run.bytes.push(bytes[i]);
      line.next = position + 1;
    }
    // The last piece of a field that was cut off.
    if (field.truncated && field.from + field.length === from + bytes.length + field.rest) {
      found.push({gap: field.rest, field});
      line = undefined;
    }
  }
  return found;
}

/** Is this the piece of an outer field in which the field begins? */
function holds(piece, {up, offset}) {
  return piece.field.id === up.at(-1) && piece.from <= offset && offset < piece.from + piece.bytes.length;
}

/** Each byte once, with the innermost field that it lies in. */
function pieces(fields) {
  const found = [];
  for (const field of fields) {
    const bytes = field.hex ? field.hex.split(' ') : [];
    const whole = {...field, from: field.offset, rest: field.length - bytes.length};
    const outer = found.findLast(piece => holds(piece, field));
    if (!outer) {
      found.push({field: whole, from: field.offset, bytes});
      continue;
    }
    const before = outer.bytes.slice(0, field.offset - outer.from);
    const after = outer.bytes.slice(field.offset - outer.from + bytes.length);
    const at = found.indexOf(outer);
    found.splice(at, 1, ...[
      {field: outer.field, from: outer.from, bytes: before},
      {field: whole, from: field.offset, bytes},
      {field: outer.field, from: field.offset + bytes.length, bytes: after},
    ].filter(piece => piece.bytes.length > 0));
  }
  return found;
}
