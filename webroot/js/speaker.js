import { after, amplified } from './speak/level.js';
import { Take } from './take.js';

const ENDED = ['completed', 'incomplete'];
/** What a text begins with on the wire. */
const FIRST_WORDS = ['input_text_buffer.append', 'response.create'];
/** About five minutes. */
const MOST_BUFFER_LEVELS = 3_000;

/**
 * Joins the client and the player: one text at a time, from the click to the last sample heard.
 *
 * Events: `state {name, slots, error}`, `take` (a new one began or the present one grew), `marks` (more is
 * known about when what happened), `progress` (played position, buffer, level). States: `ready`,
 * `connecting`, `waiting`, `queued`, `speaking`, `heard`, `blocked`, `stopped`, `completed`, `incomplete`,
 * `failed`.
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
  /** All that came so far has been handed to the player, and a pause follows. */
  #lull = false;
  /** Where in the take the player began. */
  #fromMs = 0;
  #gapsBefore = 0;
  #gain = 1;

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
    bridge.addEventListener('sent', ({ detail }) => this.#sent(detail.event));
    bridge.addEventListener('event', ({ detail }) => detail.event.type === 'response.done' && this.#told(detail.event.response));
  }

  /** The session that it speaks through. */
  get bridge() {
    return this.#bridge;
  }

  get active() {
    return ['connecting', 'waiting', 'queued', 'speaking', 'heard', 'blocked'].includes(this.state);
  }

  /** Whether more text may still be appended. */
  get writing() {
    return this.active && this.#speech !== null && !this.#speech.complete;
  }

  /** Where in the take the loudspeaker is, ms; runs on between the reports. */
  get positionMs() {
    return this.#fromMs + this.#player.playedMs;
  }

  /** Louder or softer, a factor; what is kept stays as it came. */
  get gain() {
    return this.#gain;
  }

  set gain(factor) {
    if (factor === this.#gain) return;
    this.#gain = factor;
    this.seek(this.positionMs);
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
    this.#begin(text, sampleRate, () => this.#bridge.speak(text));
  }

  /** The same for a text that is still being written: {@link append} it, then {@link commit}. */
  write(sampleRate) {
    this.#begin('', sampleRate, () => this.#bridge.stream());
  }

  /**
   * The same for what a language model answers; `take.text` grows as it writes.
   *
   * @param {import('../client/voicebridge.js').Prompt} prompt
   */
  ask(prompt, sampleRate) {
    this.#begin('', sampleRate, () => this.#bridge.ask(prompt));
  }

  append(text) {
    if (!this.writing || text === '') return;
    this.take.text += text;
    this.#speech.append(text);
    this.#tell('take');
  }

  /** No more text follows. */
  commit() {
    if (!this.writing) return;
    if (this.take.text.trim() === '') this.stop();
    else this.#speech.commit();
  }

  #begin(text, sampleRate, ask) {
    this.#silence();
    const take = new Take(text);
    take.marks.click = performance.now();
    this.take = take;
    this.#replaying = false;
    this.#outcome = null;
    this.#fromMs = 0;
    this.#gapsBefore = 0;
    this.#player.unlock(sampleRate);
    const open = this.#bridge.state === 'open';
    const speech = ask();
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
    on('response', ({ id }) => take.responses.push(id));
    on('text', ({ delta }) => {
      take.marks.text ??= performance.now();
      take.text += delta;
      this.#tell('take');
    });
    on('audio', ({ pcm, sampleRate: rate }) => this.#receive(take, pcm, rate));
    on('timestamps', ({ words }) => take.words.push(...words));
    on('lull', () => {
      this.#lull = true;
      this.#player.end();
    });
    on('done', (outcome) => this.#spoken(outcome));
  }

  /** Silence at once; the server is told how much was heard. */
  stop() {
    if (!this.active) return;
    const playedMs = this.positionMs;
    this.#silence();
    if (this.take && !this.#replaying) this.take.playedMs = playedMs;
    if (this.take) {
      this.take.bufferedMs = 0;
      this.take.status ||= 'cancelled';
    }
    this.#become('stopped', { ms: playedMs });
    this.#tell('progress', { peak: 0 });
    this.#tell('marks');
  }

  /** Plays the last take once more, from memory. */
  replay() {
    if (this.take?.samples > 0) this.play(this.take);
  }

  /**
   * Plays what was received before, from memory. Must be called inside a click.
   *
   * @param {Take} take
   * @param {number} [fromMs]
   */
  play(take, fromMs = 0) {
    this.#silence();
    this.take = take;
    this.#replaying = true;
    this.#outcome = { status: 'completed' };
    this.#player.unlock(take.sampleRate);
    this.#sound(fromMs);
    this.#become('speaking');
  }

  /** Goes on from another place of what was received. */
  seek(ms) {
    if (!this.active || !this.take || this.take.samples === 0) return;
    this.#player.stop();
    this.#gapsBefore = this.take.gaps;
    this.#sound(Math.min(ms, this.take.totalMs));
  }

  #sound(fromMs) {
    const { take } = this;
    this.#fromMs = fromMs;
    this.#player.begin(take.sampleRate);
    for (const chunk of after(take.chunks, fromMs, take.sampleRate)) this.#player.push(amplified(chunk, this.#gain));
    if (this.#outcome || this.#lull) this.#player.end();
    take.playedMs = fromMs;
  }

  #silence() {
    const playedMs = this.positionMs;
    this.#speech = null;
    this.#lull = false;
    this.#player.stop();
    this.#bridge.cancel({ playedMs });
  }

  #sent({ type }) {
    const { take } = this;
    if (!this.#speech || !take || take.marks.sent !== undefined || !FIRST_WORDS.includes(type)) return;
    take.marks.sent = performance.now();
    this.#tell('marks');
  }

  /** A response is over. */
  #told({ id, timings, first_audio_ms: firstAudioMs, usage }) {
    const { take } = this;
    if (!take?.responses.includes(id)) return;
    if (take.responses[0] === id && firstAudioMs !== undefined) take.timings = { first_audio_ms: firstAudioMs, ...timings };
    if (usage?.characters !== undefined) take.characters = (take.characters ?? 0) + usage.characters;
    this.#tell('marks');
  }

  #receive(take, pcm, sampleRate) {
    const first = take.samples === 0;
    if (first) {
      take.marks.firstFrame = performance.now();
      this.#player.begin(sampleRate);
      this.#become('speaking');
      setTimeout(() => {
        if (this.take === take && this.active && !this.#player.running) this.#become('blocked');
      }, 1_000);
    }
    this.#lull = false;
    take.add(pcm, sampleRate);
    this.#player.push(amplified(pcm, this.#gain));
    if (first) {
      take.marks.decoded = performance.now();
      this.#tell('marks');
    }
    this.#tell('take');
  }

  #spoken(outcome) {
    this.#outcome = outcome;
    this.take.status = outcome.status;
    this.#tell('marks');
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
    if (!this.active || this.#replaying || this.take.marks.heard !== undefined) return;
    this.take.marks.heard = Math.max(at, this.take.marks.decoded);
    this.#become('heard', { ms: this.take.after('heard') });
    this.#tell('take');
    this.#tell('marks');
  }

  #played({ bufferedMs, playedMs, peak }) {
    const { take } = this;
    if (!this.active || !take) return;
    take.playedMs = this.#fromMs + playedMs;
    take.bufferedMs = bufferedMs;
    // A last word about the take before may still come.
    const ours = !this.#replaying && take.marks.firstFrame !== undefined;
    if (ours && take.buffer.length < MOST_BUFFER_LEVELS) take.buffer.push([this.#sinceFirstFrame(), bufferedMs]);
    this.#tell('progress', { peak });
  }

  #gaps(count) {
    if (!this.active || !this.take || this.#replaying) return;
    this.take.gaps = this.#gapsBefore + count;
    this.take.dry.push(this.#sinceFirstFrame());
    this.#tell('progress', { peak: 0 });
  }

  #sinceFirstFrame() {
    return performance.now() - this.take.marks.firstFrame;
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
