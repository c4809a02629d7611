/** Steps that are taken one after another; each may be opened again, and nothing is forgotten by that. */
export class Steps {
  #names;
  #done = new Set();
  /** The step that is open. */
  open;

  /** @param {string[]} names in their order */
  constructor(names) {
    this.#names = names;
    this.open = names[0];
  }

  /** @returns {'open' | 'done' | 'ahead'} */
  stateOf(name) {
    if (name === this.open) return 'open';
    return this.#done.has(name) ? 'done' : 'ahead';
  }

  isDone(name) {
    return this.#done.has(name);
  }

  /** Whether everything before it is done. */
  reachable(name) {
    return this.#names.slice(0, this.#names.indexOf(name)).every((before) => this.#done.has(before));
  }

  /** It is done; the next one that isn't opens. */
  finish(name) {
    this.#done.add(name);
    this.open = this.#names.find((one) => !this.#done.has(one)) ?? this.#names.at(-1);
  }

  /** Goes (back) to a step. @returns {boolean} whether that is possible now */
  show(name) {
    if (!this.reachable(name)) return false;
    this.open = name;
    return true;
  }

  /** It is to be looked at again. */
  undo(name) {
    this.#done.delete(name);
  }
}
