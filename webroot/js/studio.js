import { Voicebridge } from '../client/voicebridge.js';
import { Player } from '../client/player.js';
import { Bin } from './bin.js';
import { Door } from './door.js';
import { Library } from './library.js';
import { Profiles } from './profiles.js';
import { Speaker } from './speaker.js';

/**
 * What the pages of the studio share: the server's doors, the lists, and one loudspeaker, so that whatever
 * starts to sound silences what sounded before.
 *
 * Events: `stock` when the lists have come or changed, `unstocked {cause}` when they could not be had,
 * `unavailable {cause}` when there is no audio.
 */
export class Studio extends EventTarget {
  door = new Door();
  library = new Library(this.door);
  player = new Player();
  bin = new Bin(this);
  profiles = new Profiles();
  /** @type {object[]} of `/v1/audio/models` */
  models = [];
  /** @type {object[]} of `/v1/audio/voices` */
  systemVoices = [];
  /** @type {object[]} of `/v1/voices`, those of the visitor's key */
  ownVoices = [];
  /** @type {object[]} of `/v1/voices/targets` */
  targets = [];
  /** Whether the lists are there. */
  stocked = false;
  /** What stood against the lists the last time. @type {Error | null} */
  fault = null;

  /** @type {Set<Speaker>} */
  #speakers = new Set();
  /** @type {Set<Voicebridge>} */
  #bridges = new Set();
  #clip = null;
  /** What stood against the visitor's own voices the last time. @type {Error | null} */
  ownFault = null;

  /** Counts keys and accounts: what an earlier one is answered is dropped. */
  #account = 0;
  #refreshing = null;
  #stale = false;

  constructor() {
    super();
    this.library.addEventListener('change', () => this.refresh());
    this.player.addEventListener('unavailable', ({ detail }) => {
      this.quiet();
      this.dispatchEvent(new CustomEvent('unavailable', { detail }));
    });
  }

  /** Gets the lists. */
  async load() {
    const account = ++this.#account;
    try {
      const [models, voices] = await Promise.all([this.door.models(), this.door.voices()]);
      if (account !== this.#account) return;
      this.models = models;
      this.systemVoices = voices.filter((voice) => !voice.custom);
    } catch (cause) {
      if (account !== this.#account) return;
      this.fault = cause;
      this.dispatchEvent(new CustomEvent('unstocked', { detail: { cause } }));
      return;
    }
    this.fault = null;
    this.stocked = true;
    this.#tell();
    await Promise.all([this.refresh(), this.#getTargets(account)]);
    this.#tell();
  }

  async #getTargets(account) {
    try {
      const targets = await this.library.targets();
      if (account === this.#account) this.targets = targets;
    } catch {
      // Those of before hold; without a key there are none, and the pages say so.
    }
  }

  /**
   * Every voice that can speak here, in one shape: those of the visitor's first. An own voice has `own`, its
   * record in the library.
   */
  get voices() {
    const speaks = new Set(this.models.map((model) => model.id));
    const own = this.ownVoices.filter((voice) => voice.usable && speaks.has(voice.target_model));
    return [...own.map(asVoice), ...this.systemVoices];
  }

  /** The model that a voice speaks with where none was chosen: the list's first. */
  modelFor(voice) {
    return this.models.find((model) => voice.models.includes(model.id))?.id ?? voice.models[0];
  }

  /**
   * Whose account voices are made with and spoken with from now on.
   *
   * @param {string} key of the visitor at the vendor; empty: the server's
   */
  async useProviderKey(key) {
    await this.bin.settle(); // what is to be deleted is another account's
    this.door.providerKey = key;
    this.ownVoices = [];
    for (const bridge of this.#bridges) bridge.close(); // the next text opens a session of that account
    this.load();
  }

  /** @returns {Voicebridge} a session of its own, closed with the page */
  newBridge() {
    const bridge = new Voicebridge({
      url: this.door.realtimeUrl,
      model: '',
      ticket: () => this.door.ticket(),
      providerKey: () => this.door.providerKey,
    });
    this.#bridges.add(bridge);
    return bridge;
  }

  /** @returns {Speaker} with a session of its own; whoever takes it silences it when it leaves */
  newSpeaker() {
    const speaker = new Speaker(this.newBridge(), this.player);
    this.#speakers.add(speaker);
    speaker.addEventListener('state', () => speaker.active && this.#silenceOthers(speaker));
    return speaker;
  }

  /**
   * Plays a file. Must be called inside a click.
   *
   * @param {Blob} blob
   * @returns {{audio: HTMLAudioElement, stop: () => void, done: Promise<void>}} `done` when it is over or
   *     was silenced
   */
  play(blob) {
    this.quiet();
    const url = URL.createObjectURL(blob);
    const audio = new Audio(url);
    let stop;
    const done = new Promise((resolve) => {
      stop = () => {
        audio.pause();
        URL.revokeObjectURL(url);
        if (this.#clip === stop) this.#clip = null;
        resolve();
      };
    });
    this.#clip = stop;
    audio.onended = stop;
    audio.onerror = stop;
    audio.play().catch(stop);
    return { audio, stop, done };
  }

  /** Nothing sounds any more. */
  quiet() {
    this.#silenceOthers(null);
  }

  /** Gets the own voices anew; many changes at once cost one or two requests. */
  refresh() {
    this.#stale = true;
    this.#refreshing ??= this.#getOwnVoices();
    return this.#refreshing;
  }

  close() {
    for (const bridge of this.#bridges) bridge.close();
  }

  #silenceOthers(speaker) {
    this.#clip?.();
    for (const other of this.#speakers) if (other !== speaker) other.stop();
  }

  async #getOwnVoices() {
    while (this.#stale) {
      this.#stale = false;
      const account = this.#account;
      try {
        const voices = await this.library.all();
        if (account !== this.#account) this.#stale = true; // of another account: once more
        else this.ownVoices = voices;
        this.ownFault = null;
      } catch (cause) {
        // What was known stays. Without a key there are the system's voices only; that is no fault.
        if (account === this.#account) this.ownFault = cause.code === 'key_needed' ? null : cause;
        else this.#stale = true;
      }
      this.#tell();
    }
    this.#refreshing = null;
  }

  #tell() {
    this.dispatchEvent(new Event('stock'));
  }
}

function asVoice(voice) {
  return {
    id: voice.id,
    name: voice.name,
    language: voice.language ?? undefined,
    models: [voice.target_model],
    keywords_en: voice.tags,
    keywords_zh: voice.tags,
    own: voice,
  };
}
