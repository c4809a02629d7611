import { Take } from '../take.js';

/**
 * Speaks the lines of a script into takes, one after another, without a sound. A line that fails is marked and
 * the next one is spoken.
 *
 * Events: `line {line}` when anything about one changed, `state {state}`.
 */
export class ScriptRun extends EventTarget {
  /** @type {'idle' | 'running' | 'pausing' | 'paused'} */
  state = 'idle';
  #bridge;
  #queue = [];
  #current = null;

  /** @param {import('../../client/voicebridge.js').Voicebridge} bridge */
  constructor(bridge) {
    super();
    this.#bridge = bridge;
  }

  /**
   * Adds a take to each of the lines, in order.
   *
   * @param {Line[]} lines
   * @param {(line: Line) => {model: string, fields: object, speaker?: string}} how each one is spoken;
   *     `speaker` is written on the take
   *
   * @typedef {object} Line
   * @property {string} text
   * @property {Take[]} takes
   * @property {number} chosen index of the take that is exported; -1: none
   * @property {'' | 'waiting' | 'speaking' | 'failed'} status
   * @property {Error | null} error
   */
  speak(lines, how) {
    for (const line of lines) {
      if (line.status === 'waiting' || line.status === 'speaking') continue;
      this.#mark(line, 'waiting');
      this.#queue.push({ line, how });
    }
    if (this.state === 'idle') this.#run();
  }

  /** The line that is being spoken is finished; the next one waits. */
  pause() {
    if (this.state === 'running') this.#become('pausing');
  }

  resume() {
    if (this.state === 'pausing') this.#become('running');
    else if (this.state === 'paused') this.#run();
  }

  /** Forgets what waits and ends what is being spoken; takes that are there stay. */
  stop() {
    for (const { line } of this.#queue.splice(0)) this.#mark(line, '');
    if (this.#current) this.#bridge.cancel();
    if (this.state === 'paused') this.#become('idle');
  }

  async #run() {
    this.#become('running');
    while (this.#queue.length > 0) {
      if (this.state === 'pausing') {
        this.#become('paused');
        return;
      }
      this.#current = this.#queue.shift();
      await this.#one(this.#current);
      this.#current = null;
    }
    this.#become('idle');
  }

  async #one({ line, how }) {
    this.#mark(line, 'speaking');
    const { model, fields, speaker } = how(line);
    const take = Object.assign(new Take(line.text), { speaker });
    let outcome;
    try {
      this.#bridge.model = model;
      this.#bridge.update(fields);
      const speech = this.#bridge.speak(line.text);
      speech.addEventListener('audio', ({ detail }) => take.add(detail.pcm, detail.sampleRate));
      outcome = await speech.done;
    } catch (error) {
      outcome = { status: 'failed', error };
    }
    if (outcome.status === 'completed' && take.samples > 0) {
      line.takes.push(take);
      line.chosen = line.takes.length - 1;
      this.#mark(line, '');
    } else if (outcome.status === 'cancelled') this.#mark(line, '');
    else this.#mark(line, 'failed', outcome.error ?? new Error(outcome.status));
  }

  #mark(line, status, error = null) {
    line.status = status;
    line.error = error;
    this.dispatchEvent(new CustomEvent('line', { detail: { line } }));
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent('state', { detail: { state } }));
  }
}
