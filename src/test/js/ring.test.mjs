import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ring } from '../../../webroot/client/ring.js';

const ramp = (from, count) => Int16Array.from({ length: count }, (_, i) => from + i);
const take = (ring, count, step) => {
  const out = new Float32Array(count);
  const got = ring.read(out, step);
  return Array.from(out.subarray(0, got), (value) => Math.round(value * 32768));
};

test('samples come out as they went in, across the seam', () => {
  const ring = new Ring({ initial: 8, step: 8, max: 8 });
  let next = 0;
  for (let round = 0; round < 10; round++) {
    assert.equal(ring.write(ramp(next, 5)), 5);
    assert.deepEqual(take(ring, 5), [...ramp(next, 5)]);
    next += 5;
  }
  assert.equal(ring.length, 0);
});

test('it grows in steps, keeping the order of a wrapped content', () => {
  const ring = new Ring({ initial: 8, step: 4, max: 100 });
  ring.write(ramp(0, 8));
  take(ring, 6);
  ring.write(ramp(8, 5));
  ring.write(ramp(13, 4));
  assert.equal(ring.capacity, 12);
  assert.deepEqual(take(ring, 20), [...ramp(6, 11)]);
});

test('it never grows past its bound and says how much it took', () => {
  const ring = new Ring({ initial: 4, step: 4, max: 10 });
  assert.equal(ring.write(ramp(0, 25)), 10);
  assert.equal(ring.capacity, 10);
  assert.equal(ring.write(ramp(0, 1)), 0);
  assert.deepEqual(take(ring, 25), [...ramp(0, 10)]);
});

test('a cleared ring is empty and works on', () => {
  const ring = new Ring({ initial: 4, step: 4, max: 8 });
  ring.write(ramp(0, 4));
  ring.clear();
  assert.deepEqual(take(ring, 4), []);
  ring.write(ramp(7, 2));
  assert.deepEqual(take(ring, 4), [7, 8]);
});

test('resampling to twice the rate puts the mean between neighbours', () => {
  const ring = new Ring({ initial: 16 });
  ring.write(Int16Array.of(0, 100, 200, 300));
  assert.deepEqual(take(ring, 16, 0.5), [0, 50, 100, 150, 200, 250]);
});

test('resampling in small blocks equals resampling in one', () => {
  const samples = Int16Array.from({ length: 500 }, (_, i) => Math.round(9000 * Math.sin(i / 9)));
  const whole = new Ring({ initial: 1000 });
  whole.write(samples);
  const expected = take(whole, 1000, 1.0884);

  const pieces = new Ring({ initial: 16, step: 16 });
  const got = [];
  for (let at = 0; at < samples.length; at += 37) {
    pieces.write(samples.subarray(at, at + 37));
    for (let block = take(pieces, 13, 1.0884); block.length > 0; block = take(pieces, 13, 1.0884)) got.push(...block);
  }
  assert.ok(expected.length > 450);
  assert.deepEqual(got, expected);
});

test('a stretched wave keeps its pitch and has no seam', () => {
  const period = 120;
  const wave = (i) => Math.round(9000 * Math.sin((2 * Math.PI * i) / period));
  for (const before of [400, 777, 1234]) {
    const ring = new Ring({ initial: 2000, max: 2000 });
    ring.write(Int16Array.from({ length: 2000 }, (_, i) => wave(i)));
    take(ring, before);

    const added = ring.stretch(60, 360);

    assert.equal(added % period, 0);
    assert.ok(added >= period, String(added));
    const rest = take(ring, 3000);
    assert.equal(rest.length, 2000 - before + added);
    rest.forEach((value, i) => assert.ok(Math.abs(value - wave(before + i)) <= 1, `at ${i}`));
  }
});

test('there is nothing to stretch before anything was heard, or when nothing is left', () => {
  const ring = new Ring({ initial: 100, max: 100 });
  ring.write(ramp(0, 100));
  assert.equal(ring.stretch(10, 40), 0);
  take(ring, 95);
  assert.equal(ring.stretch(10, 40), 0);
  assert.deepEqual(take(ring, 100), [...ramp(95, 5)]);
});

test('what was overwritten is not heard again', () => {
  const ring = new Ring({ initial: 100, step: 100, max: 100 });
  ring.write(ramp(0, 100));
  take(ring, 50);
  ring.write(ramp(100, 45)); // five samples of the past are left
  assert.equal(ring.stretch(10, 40), 0);
  assert.deepEqual(take(ring, 200), [...ramp(50, 95)]);
});
