// How many there were in each of the last seconds.

const SECONDS = 60;

export class Rate {
  #counts = new Map();

  add(number) {
    const second = Math.floor(Date.now() / 1000);
    this.#counts.set(second, (this.#counts.get(second) ?? 0) + number);
    for (const old of this.#counts.keys()) {
      if (old <= second - SECONDS - 2) {
        this.#counts.delete(old);
      }
    }
  }

  /** By the second, oldest first, without the one that is not over. */
  values() {
    const second = Math.floor(Date.now() / 1000);
    return Array.from({length: SECONDS}, (_, i) => this.#counts.get(second - SECONDS + i) ?? 0);
  }

  /** Per second, over the last three that are over. */
  now() {
    return this.values().slice(-3).reduce((sum, number) => sum + number, 0) / 3;
  }
}
