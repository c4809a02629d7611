import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floats, joined, outline, pcm16, spliced, toWav, trimmed } from '../../../webroot/js/audio/pcm.js';

const RATE = 8_000;
const FADE = 120;

function flat(length, value) {
  return new Float32Array(length).fill(value);
}

test('a WAV has the samples in 16 bits, the loud ones cut', async () => {
  const blob = toWav(Float32Array.of(0, 0.5, -0.5, 1, -1, 2, 1234 / 32768), 44_100);
  const bytes = new DataView(await blob.arrayBuffer());

  assert.equal(blob.type, 'audio/wav');
  assert.equal(bytes.getUint32(24, true), 44_100);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6].map((i) => bytes.getInt16(44 + 2 * i, true)),
    [0, 16384, -16384, 32767, -32768, 32767, 1234],
  );
});

test('a splice is as long as its parts and leaves what is outside alone', () => {
  const result = spliced(flat(4000, 0.1), 1000, 2000, flat(1500, 0.9), RATE);

  assert.equal(result.length, 4500);
  assert.ok(result.subarray(0, 1000).every((value) => value === Math.fround(0.1)));
  assert.ok(result.subarray(1000 + FADE, 2500 - FADE).every((value) => value === Math.fround(0.9)));
  assert.ok(result.subarray(2500).every((value) => value === Math.fround(0.1)));
});

test('a joint never jumps', () => {
  for (const insert of [flat(1500, -0.9), flat(10, -0.9), flat(0, 0)]) {
    const ramp = Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i / 300));
    const result = spliced(ramp, 1000, 2000, insert, RATE);
    const steepest = insert.length === 10 ? 0.5 : 0.03;
    for (let i = 1; i < result.length; i++) assert.ok(Math.abs(result[i] - result[i - 1]) < steepest, `${insert.length} at ${i}`);
  }
});

test('the same sound in place of itself changes nothing', () => {
  const wave = Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i / 30));
  const result = spliced(wave, 1000, 2000, wave.slice(1000, 2000), RATE);
  assert.ok(result.every((value, i) => Math.abs(value - wave[i]) < 1e-6));
});

test('a cut takes the stretch out, at the ends too', () => {
  const steps = joined([flat(1000, 0.1), flat(1000, 0.5), flat(1000, 0.2)]);

  const middle = spliced(steps, 1000, 2000, flat(0, 0), RATE);
  assert.equal(middle.length, 2000);
  assert.ok(Math.abs(middle[0] - 0.1) < 1e-6 && Math.abs(middle[1999] - 0.2) < 1e-6);

  const start = spliced(steps, 0, 1000, flat(0, 0), RATE);
  assert.deepEqual([...start], [...steps.subarray(1000)]);
  const end = spliced(steps, 2000, 3000, flat(0, 0), RATE);
  assert.deepEqual([...end], [...steps.subarray(0, 2000)]);
});

test('silence at the ends goes, a margin stays; nothing but silence is nothing', () => {
  const voice = joined([flat(8000, 0.001), flat(4000, 0.3), flat(8000, -0.001)]);
  assert.equal(trimmed(voice, RATE).length, 4000 + 2 * 960);
  assert.equal(trimmed(flat(8000, 0.001), RATE).length, 0);
});

test('16 bits become floats and the same 16 bits again', () => {
  const pcm = Int16Array.of(0, 1, -1, 16384, 32767, -32768).buffer;
  assert.deepEqual([...floats(pcm)].slice(3), [0.5, Math.fround(32767 / 32768), -1]);
  assert.deepEqual(new Int16Array(pcm16(floats(pcm))), new Int16Array(pcm));
});

test('an outline has the loudest of each part', () => {
  const samples = flat(1000, 0.1);
  samples[999] = -0.7;
  const bars = outline(samples, 10);
  assert.equal(bars.length, 10);
  assert.ok(Math.abs(bars[9] - 0.7) < 1e-6 && Math.abs(bars[0] - 0.1) < 1e-6);
});
