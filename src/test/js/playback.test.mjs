import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Playback } from '../../../webroot/client/playback.js';

const RATE = 1000; // a sample a millisecond
const BLOCK = 10;
const ms = (count, value = 16384) => new Int16Array(count).fill(value);
const block = (playback) => {
  const out = new Float32Array(BLOCK);
  playback.render(out);
  return out;
};
const silent = (out) => out.every((value) => value === 0);
const speaking = () => {
  const playback = new Playback(RATE, { block: BLOCK });
  playback.begin(RATE);
  return playback;
};

/** Blocks until it sounds. */
const waits = (playback, most = 100) => {
  for (let i = 0; i < most; i++) if (!silent(block(playback))) return i;
  return most;
};

test('it waits for as long as it takes the network to be late, then says that it has started', () => {
  const playback = speaking();
  playback.write(ms(100));
  assert.equal(playback.targetMs, 80);
  for (let i = 0; i < 7; i++) assert.ok(silent(block(playback)));
  assert.equal(playback.started, false);
  assert.equal(block(playback)[0], 0.5);
  assert.equal(playback.started, true);
});

test('what comes faster than it is spoken is not waited for', () => {
  const playback = speaking();
  playback.write(ms(100));
  block(playback);
  playback.write(ms(100));
  assert.ok(!silent(block(playback)));

  const atOnce = speaking();
  atOnce.write(ms(300));
  assert.ok(!silent(block(atOnce)));
});

test('a text shorter than the start-up buffer is played once it is complete', () => {
  const playback = speaking();
  playback.write(ms(20));
  assert.ok(silent(block(playback)));
  playback.end(7);
  assert.ok(!silent(block(playback)));
  block(playback);
  block(playback);
  assert.equal(playback.drained, true);
  assert.equal(playback.mark, 7);
  assert.equal(playback.playedMs, 20);
  assert.equal(playback.underruns, 0);
});

test('running dry in the middle is a gap, and the next start has a reserve', () => {
  const playback = speaking();
  playback.write(ms(305));
  for (let i = 0; i < 60 && playback.underruns === 0; i++) block(playback);
  assert.equal(playback.underruns, 1);
  assert.equal(playback.drained, false);
  assert.equal(playback.playedMs, 305);
  playback.write(ms(100));
  assert.ok(waits(playback) > 5);
  assert.equal(playback.underruns, 1);
});

test('a sentence that comes long after the last one is no gap and not late', () => {
  const playback = speaking();
  for (let sentence = 1; sentence <= 3; sentence++) {
    playback.write(ms(300));
    playback.end(sentence);
    for (let i = 0; i < 500; i++) block(playback);
    assert.equal(playback.mark, sentence);
    assert.equal(playback.drained, true);
  }
  assert.equal(playback.underruns, 0);
  assert.equal(playback.targetMs, 80);
  assert.equal(playback.playedMs, 900);
});

test('the position is one in the speech, however much it was stretched', () => {
  const playback = speaking();
  playback.write(ms(100));
  waits(playback);
  for (let i = 0; i < 60; i++) {
    if (i % 10 === 0) playback.write(ms(100));
    block(playback);
  }
  assert.ok(playback.playedFrames > playback.playedMs, 'it was stretched');
  assert.equal(playback.playedMs + playback.bufferedMs, 700);
  assert.equal(playback.underruns, 0);
});

test('a gap fades out instead of breaking off', () => {
  const playback = speaking();
  playback.write(ms(300));
  let last = [];
  for (let i = 0; i < 60 && playback.underruns === 0; i++) last = block(playback);
  for (let i = 1; i < BLOCK; i++) assert.ok(last[i] < last[i - 1] || last[i] === 0.5, String(last));
  assert.equal(last[9], 0);
});

test('stop is silence after one block that fades', () => {
  const playback = speaking();
  playback.write(ms(500));
  block(playback);
  playback.stop();
  const fading = block(playback);
  assert.ok(fading[0] > 0 && fading[0] < 0.5);
  assert.equal(fading[BLOCK - 1], 0);
  for (let i = 0; i < 100; i++) assert.ok(silent(block(playback)));
  assert.equal(playback.bufferedMs, 0);
});

test('what is written right after a stop is the next speech alone', () => {
  const playback = speaking();
  playback.write(ms(500));
  block(playback);
  playback.stop();
  playback.begin(RATE);
  playback.write(ms(300, 8192));
  block(playback); // the old one fades
  assert.equal(block(playback)[0], 0.25);
  assert.equal(playback.playedFrames, BLOCK);
});

test('an end with nothing to play is drained at once', () => {
  const playback = speaking();
  playback.end(3);
  assert.equal(playback.drained, true);
});

test('another rate than that of the speech plays for the same time', () => {
  const playback = new Playback(2 * RATE, { block: BLOCK });
  playback.begin(RATE);
  playback.write(ms(200));
  playback.end();
  let blocks = 0;
  while (!playback.drained && blocks < 1000) {
    block(playback);
    blocks++;
  }
  assert.ok(Math.abs(playback.playedMs - 200) <= 2, String(playback.playedMs));
});

test('only samples that sound are counted as sounding', () => {
  const playback = speaking();
  playback.write(ms(50, 0));
  playback.write(ms(50));
  playback.end();
  for (let i = 0; i < 12; i++) block(playback);
  assert.equal(playback.soundingSamples, 50);
});
