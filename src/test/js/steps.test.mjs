import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingFor } from '../../../webroot/js/readings.js';
import { PHRASES } from '../../../webroot/js/samples.js';
import { Steps } from '../../../webroot/js/steps.js';

test('one step after another', () => {
  const steps = new Steps(['a', 'b', 'c']);
  assert.deepEqual(['a', 'b', 'c'].map((name) => steps.stateOf(name)), ['open', 'ahead', 'ahead']);
  assert.equal(steps.show('b'), false);

  steps.finish('a');

  assert.deepEqual(['a', 'b', 'c'].map((name) => steps.stateOf(name)), ['done', 'open', 'ahead']);
});

test('who goes back comes back to where the way was left', () => {
  const steps = new Steps(['a', 'b', 'c', 'd']);
  steps.finish('a');
  steps.finish('b');
  assert.ok(steps.show('a'));
  assert.equal(steps.stateOf('b'), 'done');
  assert.equal(steps.stateOf('c'), 'ahead');

  steps.finish('a');

  assert.equal(steps.open, 'c');
});

test('a step that must be looked at again bars what comes after it', () => {
  const steps = new Steps(['a', 'b', 'c']);
  steps.finish('a');
  steps.finish('b');
  steps.show('a');
  steps.undo('b');
  assert.equal(steps.reachable('c'), false);

  steps.finish('a');

  assert.equal(steps.open, 'b');
  steps.finish('b');
  assert.equal(steps.open, 'c');
});

test('the last step stays open when all is done', () => {
  const steps = new Steps(['a', 'b']);
  steps.finish('a');
  steps.finish('b');
  assert.equal(steps.open, 'b');
});

test('there is a text to read for every language that there is a phrase for', () => {
  for (const { tag } of PHRASES) assert.ok(readingFor(tag).length > 60, tag);
});
