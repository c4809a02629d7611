/** Everything that must be undone when its owner goes: listeners, timers, frames. */
export class Scope {
  #undo = new Set();

  on(target, type, listener, options) {
    target.addEventListener(type, listener, options);
    return this.defer(() => target.removeEventListener(type, listener, options));
  }

  every(ms, action) {
    const timer = setInterval(action, ms);
    return this.defer(() => clearInterval(timer));
  }

  after(ms, action) {
    const done = this.defer(() => clearTimeout(timer));
    const timer = setTimeout(() => {
      done(); // or a long life would collect them
      action();
    }, ms);
    return done;
  }

  /** @returns {() => void} undoes it now */
  defer(undo) {
    this.#undo.add(undo);
    return () => {
      if (this.#undo.delete(undo)) undo();
    };
  }

  dispose() {
    for (const undo of this.#undo) undo();
    this.#undo.clear();
  }
}
