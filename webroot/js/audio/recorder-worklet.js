/** About 43 ms at 48 kHz: soon enough for a meter, rare enough for a phone. */
const CHUNK = 2048;

/** Hands on the first channel of what it hears, in chunks; the rest when it is told to stop. */
class Recorder extends AudioWorkletProcessor {
  #chunk = new Float32Array(CHUNK);
  #length = 0;
  #on = true;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.#on = false;
      this.#send();
      this.port.postMessage(null);
    };
  }

  process([input]) {
    const heard = input[0];
    if (!this.#on || !heard) return this.#on;
    for (let from = 0; from < heard.length; ) {
      const part = heard.subarray(from, from + CHUNK - this.#length);
      this.#chunk.set(part, this.#length);
      this.#length += part.length;
      from += part.length;
      if (this.#length === CHUNK) this.#send();
    }
    return true;
  }

  #send() {
    if (this.#length === 0) return;
    const sent = this.#chunk.slice(0, this.#length);
    this.#length = 0;
    this.port.postMessage(sent, [sent.buffer]);
  }
}

registerProcessor('voicebridge-recorder', Recorder);
