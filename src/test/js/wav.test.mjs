import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wavFile } from '../../../webroot/js/audio/wav.js';
import { Take } from '../../../webroot/js/take.js';

test('a file says its real sizes, rate and format', async () => {
  const blob = wavFile([Int16Array.of(1, -2).buffer, Int16Array.of(3).buffer], 22_050);
  const bytes = new DataView(await blob.arrayBuffer());
  const word = (at) => String.fromCharCode(...[0, 1, 2, 3].map((i) => bytes.getUint8(at + i)));

  assert.equal(bytes.byteLength, 50);
  assert.deepEqual([word(0), word(8), word(12), word(36)], ['RIFF', 'WAVE', 'fmt ', 'data']);
  assert.equal(bytes.getUint32(4, true), 42);
  assert.equal(bytes.getUint16(20, true), 1);
  assert.equal(bytes.getUint16(22, true), 1);
  assert.equal(bytes.getUint32(24, true), 22_050);
  assert.equal(bytes.getUint32(28, true), 44_100);
  assert.equal(bytes.getUint16(34, true), 16);
  assert.equal(bytes.getUint32(40, true), 6);
  assert.deepEqual([44, 46, 48].map((at) => bytes.getInt16(at, true)), [1, -2, 3]);
});

test('a take outlines its samples in bars of 20 ms, whatever the frames', () => {
  const take = new Take('text');
  const samples = new Int16Array(1000).fill(3277);
  samples.fill(16384, 0, 160);
  take.add(samples.slice(0, 330).buffer, 8000);
  take.add(samples.slice(330).buffer, 8000);

  assert.equal(take.totalMs, 125);
  assert.equal(take.bars.length, 6);
  assert.equal(take.bars[0], 0.5);
  assert.ok(Math.abs(take.bars[1] - 0.1) < 0.001);
});
