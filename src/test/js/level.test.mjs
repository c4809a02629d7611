import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LevelWatch } from '../../../webroot/js/audio/level.js';

const RATE = 16_000;

function hear(watch, seconds, amplitude, limit = 1) {
  const chunk = new Float32Array(800);
  for (let i = 0; i < seconds * 20; i++) {
    for (let at = 0; at < 800; at++) chunk[at] = Math.max(-limit, Math.min(limit, amplitude * Math.sin(at / 5)));
    watch.hear(chunk, RATE);
  }
  return watch.warning;
}

test('a normal voice has no warning', () => {
  const watch = new LevelWatch();
  assert.equal(hear(watch, 10, 0.4), null);
  assert.equal(watch.elapsedMs, 10_000);
  assert.ok(watch.level > 0.8 && watch.level < 0.9);
});

test('cut-off tops are told at once and for as long as it takes to read', () => {
  const watch = new LevelWatch();
  hear(watch, 3, 0.4);
  assert.equal(hear(watch, 0.05, 3), 'clipping');
  assert.equal(hear(watch, 1.5, 0.4), 'clipping');
  assert.equal(hear(watch, 1, 0.4), null);
});

test('loud is not clipped', () => {
  assert.equal(hear(new LevelWatch(), 3, 0.98), null);
});

test('too quiet and silent are told apart, and not before anybody could speak', () => {
  const quiet = new LevelWatch();
  assert.equal(hear(quiet, 1, 0.04), null);
  assert.equal(hear(quiet, 2, 0.04), 'quiet');
  const silent = new LevelWatch();
  assert.equal(hear(silent, 1, 0.001), null);
  assert.equal(hear(silent, 2, 0.001), 'silence');
  assert.equal(hear(silent, 0.1, 0.4), null);
});

test('only speech counts as speech, with the gaps between words', () => {
  const watch = new LevelWatch();
  hear(watch, 3, 0.4);
  hear(watch, 0.05, 0);
  hear(watch, 3, 0.4);
  hear(watch, 2, 0.001);
  assert.ok(Math.abs(watch.spokenMs - 6_100) < 60, String(watch.spokenMs));
});

test('a pause for breath is no silence', () => {
  const watch = new LevelWatch();
  hear(watch, 5, 0.4);
  assert.equal(hear(watch, 2, 0), null);
  assert.equal(hear(watch, 1, 0), 'silence');
});
