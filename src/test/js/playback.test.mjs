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

test('it waits for its start-up buffer, then says that it has started', () => {
  const playback = speaking();
  playback.write(ms(79));
  assert.ok(silent(block(playback)));
  assert.equal(playback.started, false);
  playback.write(ms(1));
  assert.equal(block(playback)[0], 0.5);
  assert.equal(playback.started, true);
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

test('running dry in the middle is a gap, and the next start waits for more', () => {
  const playback = speaking();
  playback.write(ms(85));
  for (let i = 0; i < 10; i++) block(playback);
  assert.equal(playback.underruns, 1);
  assert.equal(playback.drained, false);
  assert.equal(playback.startMs, 120);
  playback.write(ms(100));
  assert.ok(silent(block(playback)));
  playback.write(ms(20));
  assert.ok(!silent(block(playback)));
});

test('ten calm seconds make the start-up buffer smaller again', () => {
  const playback = speaking();
  playback.write(ms(85));
  for (let i = 0; i < 10; i++) block(playback);
  playback.write(ms(11_000));
  for (let i = 0; i < 1_001; i++) block(playback);
  assert.equal(playback.startMs, 96);
});

test('a gap fades out instead of breaking off', () => {
  const playback = speaking();
  playback.write(ms(85));
  for (let i = 0; i < 8; i++) block(playback);
  const last = block(playback);
  assert.equal(last[4], 0.5);
  assert.ok(last[5] < 0.5 && last[5] > last[8]);
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
  playback.write(ms(80, 8192));
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
