// An independent browser client of the Qwen-TTS-Realtime dialect, with stand-ins for what a browser has.
import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {createTTSClient} from '@amaster.ai/tts-client';
import WS from 'ws';

const door = process.env.VOICEBRIDGE.replace(/^http/, 'ws')
  + '/api-ws/v1/realtime?model=qwen3-tts-flash-realtime';
const limit = {timeout: 60_000};

/** What was played, as one sequence of samples. */
let played;

/** The package knows one path, that of the gateway it is meant for: the gateway's work is done here. */
globalThis.WebSocket = class extends WS {
  constructor(path) {
    assert.match(path, /^\/.*\/api-ws\/v1\/realtime$/);
    super(door);
  }
};

globalThis.AudioBuffer = class {
  constructor({length, sampleRate}) {
    this.samples = new Float32Array(length);
    this.duration = length / sampleRate;
  }

  getChannelData() {
    return this.samples;
  }
};

/** A clock that stands still, and sources that end at once. */
globalThis.AudioContext = class {
  state = 'running';
  currentTime = 0;
  destination = {};

  constructor({sampleRate}) {
    this.sampleRate = sampleRate;
  }

  createBufferSource() {
    const source = {
      connect() {},
      disconnect() {},
      stop() {},
      start(at) {
        played.push({at, rate: this.rate, buffer: source.buffer});
        setImmediate(() => source.onended?.());
      },
      rate: this.sampleRate,
    };
    return source;
  }

  async close() {}
};

beforeEach(() => {
  played = [];
});

/** A client, and the next moment at which it has told something. */
function client(config) {
  const errors = [];
  const waiting = new Map();
  const tell = (what) => waiting.get(what)?.(true);
  const made = createTTSClient({
    ...config,
    onAudioEnd: () => tell('end'),
    onClose: () => tell('close'),
    onError: (error) => errors.push(error),
  });
  return {
    client: made,
    errors,
    next: (what) => new Promise((resolve) => waiting.set(what, resolve)),
  };
}

const seconds = () => played.reduce((sum, {buffer}) => sum + buffer.duration, 0);

test('connects, speaks, and knows when it has finished', limit, async () => {
  const {client: tts, errors, next} = client({voice: 'Cherry'});
  await tts.connect();
  assert.ok(tts.isConnected());

  const spoken = next('end');
  await tts.speak('夜里下了一场小雨，清晨的街道闻起来有青草的味道。');
  await spoken;
  while (!tts.isResponseDone()) {
    await next('end');
  }

  assert.deepEqual(errors, []);
  assert.ok(seconds() > 2 && seconds() < 12, `${seconds()} s`);
  // Each piece begins where the one before ends: nothing is missing between them.
  for (let i = 1; i < played.length; i++) {
    const end = played[i - 1].at + played[i - 1].buffer.duration;
    assert.ok(Math.abs(played[i].at - end) < 1e-6);
  }
  const loud = played.some(({buffer}) => buffer.samples.some((sample) => Math.abs(sample) > 0.1));
  assert.ok(loud, 'silence only');
  tts.close();
});

test('speaks again in the same session, a text that streams in as well', limit, async () => {
  const {client: tts, errors, next} = client({voice: 'Serena'});
  await tts.connect();

  for (const text of ['第一句话。', '第二句话，长一点点。']) {
    played = [];
    const spoken = next('end');
    await tts.speak(text);
    await spoken;
    assert.ok(seconds() > 0.5, `${seconds()} s`);
  }
  played = [];
  tts.startStream();
  const spoken = next('end');
  for (const piece of ['今天', '天气', '不错，', '我们去散步吧。']) {
    tts.appendText(piece);
  }
  tts.commitText();
  await spoken;

  assert.ok(seconds() > 0.5, `${seconds()} s`);
  assert.deepEqual(errors, []);
  assert.ok(tts.isConnected());
  tts.close();
});

test('is told of a voice that there is not', limit, async () => {
  const {client: tts, errors} = client({voice: 'Nobody at all'});

  await assert.rejects(tts.connect(), /Nobody at all/);

  assert.equal(errors.length, 1);
  tts.close();
});
