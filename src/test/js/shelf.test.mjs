import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, outlineOf } from '../../../webroot/js/audio/outline.js';
import { wavHeader } from '../../../webroot/js/audio/wav.js';
import { addressOf, entriesOf, sift, tagsOf, wishOf } from '../../../webroot/js/shelf.js';

const MODELS = [
  { id: 'fast-new', dialect: 'qwen_realtime' },
  { id: 'fast-old', dialect: 'qwen_realtime' },
  { id: 'own-model', dialect: 'cosyvoice' },
];
const SYSTEM = [
  { id: 'Cherry', name: 'Cherry', name_zh: '芊悦', gender: 'female', language: 'zh', models: ['fast-old', 'fast-new'], keywords_en: 'sunny, friendly', keywords_zh: '阳光 亲切' },
  { id: 'Kiki', name: 'Kiki', name_zh: null, gender: 'female', language: 'yue', models: ['fast-new'], keywords_en: null, keywords_zh: null },
];
const OWN = [
  { id: 'mum', name: 'Mum', provider: 'cosyvoice', target_model: 'own-model', origin: 'cloned', status: 'ok', usable: true, language: 'zh', tags: ['family', 'books'] },
  { id: 'robot', name: 'Robot', provider: 'qwen', target_model: 'http-only', origin: 'designed', status: 'failed', usable: false, language: null, tags: ['books'], design: { description: 'metallic' } },
];
const NAMES = { zh: 'Mandarin', yue: 'Cantonese' };
const entries = entriesOf(OWN, SYSTEM, MODELS, (tag) => NAMES[tag] ?? tag);
const ids = (wish) => sift(entries, wish).found.map(({ id }) => id);

test('own and system voices stand in one list', () => {
  assert.deepEqual(ids({}), ['mum', 'robot', 'Cherry', 'Kiki']);
  assert.deepEqual(entries.map(({ kind }) => kind), ['cloned', 'designed', 'system', 'system']);
  assert.deepEqual(entries.map(({ provider }) => provider), ['cosyvoice', 'qwen', 'qwen', 'qwen']);
  assert.equal(new Set(entries.map(({ key }) => key)).size, 4);
});

test('a voice is heard with the first model of the list that it has, or not at all', () => {
  assert.deepEqual(entries.map(({ speaks }) => speaks), ['own-model', null, 'fast-new', 'fast-new']);
});

test('a preset voice whose model only answers over HTTP is listed and not heard', () => {
  const [alex] = entriesOf([], [{ id: 'm:alex', name: 'alex', provider: 'siliconflow', models: ['m'], language: null }], MODELS);
  assert.deepEqual([alex.provider, alex.model, alex.speaks], ['siliconflow', ['m'], null]);
});

test('the search looks at names, ids, tags, models, languages, moods and descriptions', () => {
  assert.deepEqual(ids({ q: 'CHERRY' }), ['Cherry']);
  assert.deepEqual(ids({ q: '芊悦' }), ['Cherry']);
  assert.deepEqual(ids({ q: 'sunny' }), ['Cherry']);
  assert.deepEqual(ids({ q: 'cantonese' }), ['Kiki']);
  assert.deepEqual(ids({ q: 'books' }), ['mum', 'robot']);
  assert.deepEqual(ids({ q: 'books fam' }), ['mum']);
  assert.deepEqual(ids({ q: 'metallic' }), ['robot']);
  assert.deepEqual(ids({ q: 'nobody' }), []);
});

test('filters are joined, and each value tells what it would leave', () => {
  assert.deepEqual(ids({ kind: 'system', language: 'yue' }), ['Kiki']);
  assert.deepEqual(ids({ model: 'fast-old' }), ['Cherry']);
  const { found, counts } = sift(entries, { provider: 'qwen', kind: 'system' });
  assert.equal(found.length, 2);
  assert.deepEqual([...counts.kind], [['designed', 1], ['system', 2]]);
  assert.deepEqual([...counts.provider], [['qwen', 2]]);
  assert.deepEqual([...counts.tag], []);
  assert.deepEqual([...sift(entries, { tag: 'books' }).counts.tag], [['family', 1], ['books', 2]]);
});

test('the address holds the whole wish and nothing else', () => {
  const wish = { q: 'a b&c', kind: 'cloned', tag: '书' };
  const address = addressOf(wish);
  assert.ok(address.startsWith('#/library?q='));
  assert.deepEqual(wishOf(new URLSearchParams(address.split('?')[1])), wish);
  assert.equal(addressOf({}), '#/library');
  assert.deepEqual(wishOf(new URLSearchParams('foo=1&q=')), {});
});

test('tags are split at commas of both widths, each once', () => {
  assert.deepEqual(tagsOf(' a, b，a、c ,,'), ['a', 'b', 'c']);
  assert.deepEqual(tagsOf(' '), []);
});

test('five thousand voices are sifted in a blink', () => {
  const many = entriesOf(
    Array.from({ length: 5000 }, (_, i) => ({ ...OWN[0], id: `v${i}`, name: `Voice ${i}`, tags: [`t${i % 40}`] })),
    [],
    MODELS,
  );
  sift(many, { q: 'voice' });
  const times = Array.from({ length: 5 }, () => {
    const before = performance.now();
    assert.equal(sift(many, { q: 'voice 4', tag: 't7' }).found.length > 0, true);
    return performance.now() - before;
  });
  assert.ok(Math.min(...times) < 50, `${times}`);
});

test('an outline is drawn from the samples of a WAV, also of one that doesn’t know its size', () => {
  const samples = new Int16Array(2400).fill(0, 0, 1200).fill(-16384, 1200);
  const file = (bytes) => new Uint8Array([...new Uint8Array(wavHeader(bytes, 24000)), ...new Uint8Array(samples.buffer)]);
  for (const bytes of [4800, 0, 0xffffffff]) {
    const { peaks, ms } = outlineOf(file(bytes), 4);
    assert.equal(ms, 100);
    assert.deepEqual(peaks, [0, 0, 0.5, 0.5]);
  }
  assert.deepEqual(outlineOf(bytesOf('AAAA'), 4), { peaks: [], ms: 0 });
});
