import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Take } from '../../../webroot/js/take.js';
import { Turn, messagesOf } from '../../../webroot/js/talk/turn.js';

/** A turn whose words are told, one each 100 ms. */
function turn(prompt, text) {
  const one = new Turn(prompt);
  one.take = new Take(text);
  one.take.add(new Int16Array(24_000).buffer, 24_000);
  one.take.words = [...text.matchAll(/\w+/g)].map(({ 0: word, index }, i) => ({ text: word, beginIndex: index, endIndex: index + word.length, beginMs: i * 100, endMs: i * 100 + 90 }));
  return one;
}

test('of an answer that was cut off the model is told what was heard', () => {
  const first = turn('A story?', 'Once upon a time, there was a fox.');
  first.end('cut', 320);
  const second = turn('Shorter!', 'A fox. The end.');
  second.end('done', 0);
  assert.deepEqual(messagesOf([first, second, new Turn('Thanks.')]), [
    { role: 'user', content: 'A story?' },
    { role: 'assistant', content: 'Once upon a time' },
    { role: 'user', content: 'Shorter!' },
    { role: 'assistant', content: 'A fox. The end.' },
    { role: 'user', content: 'Thanks.' },
  ]);
});

test('an answer of which nothing was heard was never given; a prompt that failed was never asked', () => {
  const unheard = turn('A story?', 'Once upon a time');
  unheard.end('cut', 0);
  const failed = new Turn('Hello?');
  failed.end('failed', 0);
  assert.deepEqual(messagesOf([unheard, failed, new Turn('A poem, then.')]), [
    { role: 'user', content: 'A story?' },
    { role: 'user', content: 'A poem, then.' },
  ]);
});

test('stopped in the last pause it was heard to its end', () => {
  const one = turn('?', 'One two');
  one.end('cut', 900);
  assert.equal(one.status, 'done');
});

test('a long conversation is told from its end, within bounds', () => {
  const turns = Array.from({ length: 200 }, (_, i) => {
    const one = turn(`prompt ${i}`, 'x'.repeat(1_000));
    one.end('done', 0);
    return one;
  });
  const messages = messagesOf([...turns, new Turn('last')]);
  const chars = messages.reduce((sum, { content }) => sum + content.length, 0);
  assert.ok(chars <= 30_000 && chars > 25_000, `${chars}`);
  assert.deepEqual(messages.at(-1), { role: 'user', content: 'last' });
  assert.equal(messages[0].role, 'user');
  assert.equal(messagesOf([new Turn('y'.repeat(50_000))]).length, 1);
});

test('where no times are told the word being heard is estimated', () => {
  const one = turn('?', 'one two three four');
  one.take.words = [];
  one.take.status = 'completed';
  assert.equal(one.text.slice(0, one.wordAt(990).end), 'one two three four');
  assert.equal(one.text.slice(0, one.wordAt(10).end), 'one');
});
