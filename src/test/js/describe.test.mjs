import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BAD, DIMENSIONS, GOOD, MOST, differences, find, isPreviewText, press, previewText } from '../../../webroot/js/describe.js';

const chip = (en) => DIMENSIONS.flatMap(({ chips }) => chips).find((one) => one.en === en);
const pressed = (text, en, { language = 'en', caret = text.length } = {}) => press({ text, caret }, chip(en), language).text;

test('words go in with a comma between them, in the language of the page', () => {
  let text = '';
  for (const en of ['female voice', 'low pitch', 'husky']) text = pressed(text, en);
  assert.equal(text, 'female voice, low pitch, husky');
  text = '';
  for (const en of ['female voice', 'low pitch', 'husky']) text = pressed(text, en, { language: 'zh' });
  assert.equal(text, '女声，音调低沉，沙哑');
});

test('words go in where the caret stands, and never into a word', () => {
  assert.equal(pressed('a calm woman, unhurried', 'husky', { caret: 4 }), 'a calm, husky, woman, unhurried');
  assert.equal(pressed('a calm woman, unhurried', 'husky', { caret: 12 }), 'a calm woman, husky, unhurried');
  assert.equal(pressed('female voice.', 'husky'), 'female voice. husky');
  const { text, caret } = press({ text: 'one, two', caret: 3 }, chip('sweet'), 'en');
  assert.equal(text.slice(0, caret), 'one, sweet');
});

test('pressing again takes the words out, and the comma with them', () => {
  for (const language of ['en', 'zh']) {
    for (const { chips } of DIMENSIONS) {
      for (const each of chips) {
        for (const before of ['', 'Old text', '一位老师']) {
          const once = press({ text: before, caret: before.length }, each, language);
          assert.notEqual(find(once.text, each), null, each.en);
          assert.equal(press(once, each, language).text, before, `${each.en} after “${before}”`);
        }
      }
    }
  }
  assert.equal(pressed('female voice, husky, low pitch', 'husky'), 'female voice, low pitch');
  assert.equal(pressed('female voice, husky', 'female voice'), 'husky');
  assert.equal(pressed('女声，沙哑。', 'female voice'), '沙哑。');
});

test('words are found in either language and whole', () => {
  assert.deepEqual(find('a Female Voice', chip('female voice')), { from: 2, to: 14 });
  assert.equal(find('a female voice', chip('male voice')), null);
  assert.equal(find('enriched', chip('rich')), null);
  assert.deepEqual(find('温柔的女声', chip('female voice')), { from: 3, to: 5 });
});

test('of a dimension in which one alone can be true, another takes its place', () => {
  assert.equal(pressed('female voice, high pitch, husky', 'low pitch'), 'female voice, low pitch, husky');
  assert.equal(pressed('女声，沙哑', 'male voice', { language: 'zh' }), '男声，沙哑');
  assert.equal(pressed('tender', 'calm'), 'tender, calm');
});

test('no chip seems pressed when another is', () => {
  const all = DIMENSIONS.flatMap(({ chips }) => chips);
  for (const one of all) {
    for (const language of ['en', 'zh']) {
      const found = all.filter((each) => find(one[language], each));
      assert.deepEqual(found, [one], one[language]);
    }
  }
});

test('every dimension of the guide is offered, and the examples fit the limit', () => {
  assert.deepEqual(
    DIMENSIONS.map(({ name }) => name),
    ['gender', 'age', 'pitch', 'tempo', 'emotion', 'quality', 'use'],
  );
  for (const language of ['en', 'zh']) {
    for (const text of [...GOOD[language], ...BAD[language].map((bad) => bad.text)]) assert.ok(text.length <= MOST);
    assert.deepEqual(
      BAD[language].map(({ why }) => why),
      ['judgement', 'imitation', 'repetition', 'gibberish'],
    );
  }
});

test('what was changed is told word by word', () => {
  const told = (before, after) => differences(before, after).map(({ kind, text }) => (kind === 'same' ? text : `${kind === 'added' ? '+' : '-'}[${text}]`));
  assert.deepEqual(told('a calm woman', 'a calm man'), ['a calm ', '-[woman]', '+[man]']);
  assert.deepEqual(told('女声，温柔', '女声，温柔，沙哑'), ['女声，温柔', '+[，沙哑]']);
  assert.deepEqual(told('same', 'same'), ['same']);
  assert.deepEqual(told('', 'new'), ['+[new]']);
  const joined = differences('one two three', 'two three four');
  const without = (kind) => joined.filter((part) => part.kind !== kind).map(({ text }) => text).join('');
  assert.equal(without('added'), 'one two three');
  assert.equal(without('removed'), 'two three four');
});

test('a preview has a text for each language that can be designed', () => {
  for (const language of ['zh', 'en', 'fr', 'de', 'ja', 'ko', 'ru', 'pt', 'th', 'id', 'vi', 'it', 'es']) {
    const text = previewText(language);
    assert.ok([...text].length >= 15 && [...text].length <= 200, language);
    assert.ok(isPreviewText(` ${text}\n`), language);
  }
  assert.equal(new Set(['zh', 'en', 'th', 'id', 'vi'].map(previewText)).size, 5);
  assert.ok(isPreviewText(''));
  assert.ok(!isPreviewText('Mine.'));
});
