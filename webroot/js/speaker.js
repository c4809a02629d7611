import { Take } from './take.js';

const ENDED = ['completed', 'incomplete'];

/**
 * Joins the client and the player: one text at a time, from the click to the last sample heard.
 *
 * Events: `state {name, slots, error}`, `take` (a new one began or the present one changed), `progress`
 * (played position, buffer, level). States: `ready`, `connecting`, `waiting`, `queued`, `speaking`,
 * `heard`, `blocked`, `stopped`, `completed`, `incomplete`, `failed`.
 */
export class Speaker extends EventTarget {
  /** @type {Take | null} */
  take = null;
  state = 'ready';
  #bridge;
  #player;
  /** @type {import('../client/voicebridge.js').Speech | null} */
  #speech = null;
  #outcome = null;
  #replaying = false;

  constructor(bridge, player) {
    super();
    this.#bridge = bridge;
    this.#player = player;
    player.addEventListener('started', ({ detail }) => this.#started(detail.at));
    player.addEventListener('played', ({ detail }) => this.#played(detail));
    player.addEventListener('underruns', ({ detail }) => this.#gaps(detail.count));
    player.addEventListener('drained', () => this.#drained());
    player.addEventListener('blocked', () => this.active && this.#become('blocked'));
    player.addEventListener('running', () => this.state === 'blocked' && this.#become('speaking'));
  }

  /** The session that it speaks through. */
  get bridge() {
    return this.#bridge;
  }

  get active() {
    return ['connecting', 'waiting', 'queued', 'speaking', 'heard', 'blocked'].includes(this.state);
  }

  /**
   * What speaks from the next text on; what is on its way keeps what it began with.
   *
   * @param {string} model
   * @param {object} fields of `session.update`; `undefined` takes one back
   */
  use(model, fields) {
    if (this.active) return;
    this.#bridge.model = model;
    this.#bridge.update(fields);
  }

  /**
   * Must be called inside the click.
   *
   * @param {string} text
   * @param {number} sampleRate expected, Hz; the response has the last word
   */
  speak(text, sampleRate) {
    this.#silence();
    const take = new Take(text);
    take.marks.click = performance.now();
    this.take = take;
    this.#replaying = false;
    this.#outcome = null;
    this.#player.unlock(sampleRate);
    const open = this.#bridge.state === 'open';
    const speech = this.#bridge.speak(text);
    this.#speech = speech;
    this.#become(open ? 'waiting' : 'connecting');
    this.#tell('take');
    const on = (type, listener) => {
      speech.addEventListener(type, ({ detail }) => {
        if (this.#speech === speech) listener(detail);
      });
    };
    on('connected', () => {
      take.marks.connected = open ? take.marks.click : performance.now();
      this.#become('waiting');
      this.#tell('take');
    });
    on('queued', (detail) => this.#become('queued', { place: detail.place, etaMs: detail.etaMs ?? 0 }));
    on('audio', ({ pcm, sampleRate: rate }) => this.#receive(take, pcm, rate));
    on('lull', () => this.#player.end());
    on('done', (outcome) => this.#spoken(outcome));
  }

  /** Silence at once; the server is told how much was heard. */
  stop() {
    if (!this.active) return;
    const playedMs = this.#player.playedMs;
    this.#silence();
    if (this.take && !this.#replaying) this.take.playedMs = playedMs;
    if (this.take) this.take.bufferedMs = 0;
    this.#become('stopped', { ms: playedMs });
    this.#tell('progress', { peak: 0 });
  }

  /** Plays the last take once more, from memory. */
  replay() {
    const take = this.take;
    if (!take || take.samples === 0) return;
    this.#silence();
    this.#replaying = true;
    this.#outcome = { status: 'completed' };
    this.#player.unlock(take.sampleRate);
    this.#player.begin(take.sampleRate);
    for (const chunk of take.chunks) this.#player.push(chunk.slice(0));
    this.#player.end();
    take.playedMs = 0;
    this.#become('speaking');
  }

  #silence() {
    this.#speech = null;
    const playedMs = this.#player.playedMs;
    this.#player.stop();
    this.#bridge.cancel({ playedMs });
  }

  #receive(take, pcm, sampleRate) {
    if (take.samples === 0) {
      take.marks.firstFrame = performance.now();
      this.#player.begin(sampleRate);
      this.#become('speaking');
      setTimeout(() => {
        if (this.take === take && this.active && !this.#player.running) this.#become('blocked');
      }, 1_000);
    }
    take.add(pcm, sampleRate);
    this.#player.push(pcm.slice(0));
    this.#tell('take');
  }

  #spoken(outcome) {
    this.#outcome = outcome;
    if (outcome.status === 'failed' || outcome.status === 'cancelled') {
      // What was received before the failure may still be heard to its end.
      if (this.take.samples === 0 || outcome.status === 'cancelled') this.#conclude();
      else this.#player.end();
      return;
    }
    if (this.take.samples === 0) this.#conclude();
    else this.#player.end();
  }

  #started(at) {
    if (!this.active) return;
    if (!this.#replaying) {
      this.take.marks.heard = Math.max(at, this.take.marks.firstFrame);
      this.#become('heard', { ms: this.take.after('heard') });
      this.#tell('take');
    }
  }

  #played({ playedMs, bufferedMs, peak }) {
    if (!this.active || !this.take) return;
    this.take.playedMs = playedMs;
    this.take.bufferedMs = bufferedMs;
    this.#tell('progress', { peak });
  }

  #gaps(count) {
    if (!this.active || !this.take || this.#replaying) return;
    this.take.gaps = count;
    this.#tell('progress', { peak: 0 });
  }

  #drained() {
    if (this.active && this.#outcome) this.#conclude();
  }

  #conclude() {
    const { status, error } = this.#outcome;
    const take = this.take;
    this.#speech = null;
    take.bufferedMs = 0;
    if (ENDED.includes(status)) take.playedMs = take.totalMs;
    if (status === 'failed') this.#become('failed', {}, error);
    else if (status === 'cancelled') this.#become('stopped', { ms: take.playedMs });
    else this.#become(status, { ms: take.totalMs });
    this.#tell('progress', { peak: 0 });
  }

  #become(name, slots = {}, error = null) {
    this.state = name;
    this.#tell('state', { name, slots, error });
  }

  #tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
