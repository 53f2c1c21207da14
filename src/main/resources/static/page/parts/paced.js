// Draws at most so often, however often it is asked to.

export function paced(draw, signal, ms = 150) {
  let due = false;
  return () => {
    if (!due) {
      due = true;
      setTimeout(() => {
        due = false;
        if (!signal.aborted) {
          draw();
        }
      }, ms);
    }
  };
}
