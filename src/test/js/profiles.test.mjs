import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_PROFILES, Profiles, profile, sessionOf } from '../../../webroot/js/profiles.js';

function storage() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

test('profiles outlive the page', () => {
  const browser = storage();
  const { id } = new Profiles(() => browser).put({ name: '阿狐', model: 'm', voice: 'v', speed: 1.25, gain: -3 });
  const found = new Profiles(() => browser).get(id);
  assert.deepEqual(found, { id, name: '阿狐', model: 'm', voice: 'v', language: '', speed: 1.25, gain: -3, instructions: '' });
});

test('a browser that keeps nothing still has them as long as the page lives', () => {
  const profiles = new Profiles(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  const { id } = profiles.put({ name: 'Fox' });
  assert.equal(profiles.get(id).name, 'Fox');
});

test('what is out of range or of another type is put right', () => {
  const made = profile({ name: 7, speed: 99, gain: Number.NaN, voice: 'x'.repeat(999), evil: true });
  assert.equal(made.name, '');
  assert.equal(made.speed, 2);
  assert.equal(made.gain, 0);
  assert.equal(made.voice.length, 256);
  assert.ok(!('evil' in made));
});

test('a deleted profile comes back to its place', () => {
  const profiles = new Profiles(storage);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => profiles.put({ name }));
  const undo = profiles.remove(b.id);
  assert.deepEqual(profiles.all.map((one) => one.name), ['a', 'c']);
  undo();
  assert.deepEqual(profiles.all.map((one) => one.id), [a.id, b.id, c.id]);
});

test('a file carries them to another browser, and the same id is taken once', () => {
  const here = new Profiles(storage);
  here.put({ name: 'Fox' });
  const there = new Profiles(storage);
  assert.equal(there.take(here.toJson()), 1);
  assert.equal(there.take(here.toJson()), 1);
  assert.deepEqual(there.all, here.all);
});

test('a file that is none of ours changes nothing', () => {
  const profiles = new Profiles(storage);
  for (const file of ['', 'null', '[]', '{"kind":"other","profiles":[]}', '{"kind":"voicebridge.profiles/1"}']) {
    assert.throws(() => profiles.take(file), SyntaxError, file);
  }
  assert.deepEqual(profiles.all, []);
});

test('a file with too many changes nothing', () => {
  const there = new Profiles(storage);
  for (let i = 0; i < MAX_PROFILES; i++) there.put({ name: String(i) });
  const browser = storage();
  const here = new Profiles(() => browser);
  const mine = here.put({ name: 'mine' });
  let changes = 0;
  here.addEventListener('change', () => changes++);
  assert.throws(() => here.take(there.toJson()), RangeError);
  assert.deepEqual(here.all, [mine]);
  assert.deepEqual(new Profiles(() => browser).all, [mine]);
  assert.equal(changes, 0);
  here.remove(mine.id);
  assert.equal(here.take(there.toJson()), MAX_PROFILES);
  assert.equal(here.take(there.toJson()), MAX_PROFILES);
  assert.equal(changes, 3);
});

test('there is an end to them', () => {
  const profiles = new Profiles(storage);
  for (let i = 0; i < MAX_PROFILES; i++) profiles.put({ name: String(i) });
  assert.throws(() => profiles.put({ name: 'one more' }), RangeError);
  profiles.put({ ...profiles.all[0], name: 'changed' });
  assert.equal(profiles.all[0].name, 'changed');
});

test('a session is told only what its model understands', () => {
  const one = profile({ voice: 'Cherry', language: 'Chinese', speed: 1.5, instructions: 'softly' });
  assert.deepEqual(sessionOf(one, { abilities: ['speech_rate'], languages: ['Chinese'] }), {
    voice: 'Cherry',
    language_type: 'Chinese',
    speech_rate: 1.5,
    instructions: undefined,
  });
  assert.deepEqual(sessionOf(one, undefined), { voice: 'Cherry', language_type: undefined, speech_rate: undefined, instructions: undefined });
});
