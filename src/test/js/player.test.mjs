import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Player } from '../../../webroot/client/player.js';

/** A loudspeaker whose worklet loads or doesn't. */
let works;
let opened;
let posted;

class FakeContext {
  state = 'running';
  audioWorklet = { addModule: () => (works ? Promise.resolve() : Promise.reject(new Error('gone'))) };

  constructor({ sampleRate }) {
    this.sampleRate = sampleRate;
    opened.push(this);
  }

  async resume() {}

  async close() {
    this.state = 'closed';
  }
}

class FakeNode {
  port = { postMessage: (message) => posted.push(message) };

  connect() {}
}

beforeEach(() => {
  works = false;
  opened = [];
  posted = [];
  Object.assign(globalThis, { AudioContext: FakeContext, AudioWorkletNode: FakeNode });
});

afterEach(() => {
  delete globalThis.AudioContext;
  delete globalThis.AudioWorkletNode;
});

test('after its worklet failed to load, the next click tries again and plays only what is new', async () => {
  const player = new Player();
  const told = [];
  player.addEventListener('unavailable', ({ detail }) => told.push(detail.cause.message));
  const first = player.unlock(24_000);
  player.push(new ArrayBuffer(2));
  await assert.rejects(first);
  player.push(new ArrayBuffer(4)); // of the speech that can't be heard
  assert.deepEqual(told, ['gone']);
  assert.equal(opened[0].state, 'closed');
  assert.equal(player.running, false);

  works = true;
  await player.unlock(24_000);
  player.begin(24_000);
  player.push(new ArrayBuffer(6));
  assert.equal(opened.length, 2);
  assert.equal(player.running, true);
  assert.deepEqual(posted.map((message) => message.byteLength ?? message.type), ['begin', 6]);
});

test('a speech that cannot be heard has failed, and is not to be tried again at once', async () => {
  const player = new Player();
  const speech = new EventTarget();
  const heard = player.play(speech);
  speech.dispatchEvent(new CustomEvent('audio', { detail: { pcm: new ArrayBuffer(2), sampleRate: 16_000 } }));
  const { status, error } = await heard;
  assert.equal(status, 'failed');
  assert.equal(error.comeBack, false);
  assert.equal(player.speech, null);
});

test('a worklet of a rate that nobody wants any more may fail', async () => {
  const player = new Player();
  player.addEventListener('unavailable', () => assert.fail('it is not'));
  player.unlock(16_000);
  works = true;
  await player.unlock(24_000);
  assert.equal(player.running, true);
});
