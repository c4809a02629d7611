import { Playback } from './playback.js';

const REPORTS_PER_SECOND = 10;

/** The audio thread's end of {@link ./player.js}. */
class PlayerProcessor extends AudioWorkletProcessor {
  #playback = new Playback(sampleRate);
  #sinceReport = 0;
  #sinceUnderrunReport = sampleRate;
  #reportedUnderruns = 0;
  #reportedFrames = -1;
  #reportedSounding = -1;
  #peak = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => this.#obey(data);
  }

  process(_inputs, [[out, ...others]]) {
    this.#playback.render(out);
    for (const other of others) other.set(out);
    for (let i = 0; i < out.length; i++) this.#peak = Math.max(this.#peak, Math.abs(out[i]));
    if (this.#playback.started) {
      this.#playback.started = false;
      this.port.postMessage({ type: 'started', contextTime: currentTime });
    }
    this.#report(out.length);
    if (this.#playback.drained) {
      this.#playback.drained = false;
      this.#tell();
      this.port.postMessage({ type: 'drained', mark: this.#playback.mark });
    }
    return true;
  }

  #obey(message) {
    if (message instanceof ArrayBuffer) {
      this.#playback.write(new Int16Array(message, 0, message.byteLength >> 1));
      return;
    }
    switch (message.type) {
      case 'begin':
        this.#playback.begin(message.sampleRate);
        this.#reportedUnderruns = 0;
        break;
      case 'end':
        this.#playback.end(message.mark);
        break;
      case 'stop':
        this.#playback.stop();
        this.#tell();
        break;
    }
  }

  #report(frames) {
    this.#sinceReport += frames;
    this.#sinceUnderrunReport += frames;
    if (this.#playback.underruns > this.#reportedUnderruns && this.#sinceUnderrunReport >= sampleRate) {
      this.#sinceUnderrunReport = 0;
      this.#reportedUnderruns = this.#playback.underruns;
      this.port.postMessage({ type: 'underruns', count: this.#playback.underruns });
    }
    if (this.#sinceReport * REPORTS_PER_SECOND < sampleRate) return;
    this.#sinceReport = 0;
    const { playedFrames, soundingSamples } = this.#playback;
    if (playedFrames === this.#reportedFrames && soundingSamples === this.#reportedSounding) return;
    this.#tell();
  }

  #tell() {
    this.#reportedFrames = this.#playback.playedFrames;
    this.#reportedSounding = this.#playback.soundingSamples;
    this.port.postMessage({
      type: 'played',
      playedMs: this.#playback.playedMs,
      bufferedMs: this.#playback.bufferedMs,
      targetMs: this.#playback.targetMs,
      soundingSamples: this.#playback.soundingSamples,
      lostSamples: this.#playback.lostSamples,
      peak: this.#peak,
    });
    this.#peak = 0;
  }
}

registerProcessor('voicebridge-player', PlayerProcessor);
