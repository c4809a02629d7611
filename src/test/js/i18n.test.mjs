import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PHRASES, SCENES, isSample, phraseFor } from '../../../webroot/js/samples.js';

const WEBROOT = new URL('../../../webroot/', import.meta.url);
const FOLDER = new URL('js/i18n/', WEBROOT);
const parts = await Promise.all(readdirSync(FOLDER).map(async (file) => (await import(new URL(file, FOLDER))).default));
const en = Object.assign({}, ...parts.map((part) => part.en));
const zh = Object.assign({}, ...parts.map((part) => part.zh));

test('no string is told twice', () => {
  for (const language of ['en', 'zh']) {
    const keys = parts.flatMap((part) => Object.keys(part[language]));
    assert.deepEqual(
      keys.filter((key, i) => keys.indexOf(key) !== i),
      [],
    );
  }
});

function sources(folder = WEBROOT) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'examples') return []; // they have words of their own
    if (entry.isDirectory()) return sources(new URL(`${entry.name}/`, folder));
    return /\.(js|html)$/.test(entry.name) ? [readFileSync(new URL(entry.name, folder), 'utf8')] : [];
  });
}

test('both languages have the same strings', () => {
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
});

test('a string has the same slots in both languages and is not empty', () => {
  const slots = (sentence) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
  for (const key of Object.keys(en)) {
    assert.ok(en[key] && zh[key], key);
    assert.deepEqual(slots(zh[key]), slots(en[key]), key);
  }
});

test('every string that the page names is there', () => {
  const named = sources().flatMap((source) => [
    ...[...source.matchAll(/data-(?:string|label)="([^"]+)"/g)].map((match) => match[1]),
    ...[...source.matchAll(/\bt\('([\w.]+)'/g)].map((match) => match[1]),
    ...[...source.matchAll(/\bsay\([^']*'([a-z]+\.[\w.]+)'/g)].map((match) => match[1]),
    ...[...source.matchAll(/key: '([a-z]+\.\w+)'/g)].map((match) => match[1]),
  ]);
  assert.ok(named.length > 30, `only ${named.length} found`);
  for (const key of named) assert.ok(key in en, key);
});

test('no string is left that nothing names', () => {
  const all = sources().filter((source) => !source.startsWith('export default {\n  en: {')).join('\n');
  // A key that is put together names its family: `state.${name}`. Those that are known by their end only stand here.
  const families = [...[...all.matchAll(/`([a-z][\w.]*)\$\{/gi)].map((match) => match[1]).filter((family) => family.includes('.')), 'key.', 'ownKey.', 'clone.file.', 'options.', 'language.'];
  const unused = Object.keys(en).filter((key) => !all.includes(`'${key}'`) && !all.includes(`"${key}"`) && !families.some((family) => key.startsWith(family)));
  assert.deepEqual(unused, []);
});

test('a voice of any dialect gets a phrase in its own writing', () => {
  assert.equal(phraseFor('yue').tag, 'yue');
  assert.equal(phraseFor('zh-sichuan').tag, 'zh');
  assert.equal(phraseFor('en-GB').tag, 'en');
  assert.equal(phraseFor('nan').tag, 'zh');
  assert.equal(phraseFor(undefined).tag, 'zh');
});

test('phrases and scenes are known as ours, a typed text is not', () => {
  for (const { text } of [...PHRASES, ...SCENES.zh, ...SCENES.en]) assert.ok(isSample(` ${text}\n`));
  assert.ok(!isSample('hello'));
  assert.equal(SCENES.zh.length, SCENES.en.length);
});
