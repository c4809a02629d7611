import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SNIPPETS, wished, wishedRate } from '../../../webroot/js/snippets.js';

const model = { abilities: ['speech_rate', 'pitch_rate', 'volume', 'instructions'], languages: ['Auto', 'Chinese'], sample_rates: [16_000, 24_000], default_sample_rate: 24_000 };
const wish = new URLSearchParams('speech_rate=1.25&pitch_rate=0.9&volume=70&language_type=Chinese&instructions=softly&sample_rate=16000&enable_ssml=true');
const session = { speech_rate: 1.25, pitch_rate: 0.9, volume: 70, language_type: 'Chinese', instructions: 'softly' };

test('an address says how it is spoken, as far as the model can', () => {
  assert.deepEqual(wished(wish, model), session);
  assert.deepEqual(wished(wish, { ...model, abilities: ['volume'], languages: [] }), { volume: 70 });
  assert.deepEqual(wished(wish, undefined), {});
  assert.equal(wishedRate(wish, model), 16_000);
  assert.equal(wishedRate(wish, { ...model, sample_rates: [24_000] }), 24_000);
});

test('what is as it comes, out of range or no number is left out', () => {
  assert.deepEqual(wished(new URLSearchParams('speech_rate=1&volume=50&pitch_rate=9&language_type=Auto'), model), {});
  assert.deepEqual(wished(new URLSearchParams('speech_rate=fast&volume='), model), {});
});

test('each place is told as much as it can take', () => {
  const made = (id) => SNIPPETS.find((one) => one.id === id).make({ origin: 'http://here', model: 'm', voice: 'v', text: 'Hi.', sampleRate: 16_000, session, key: false });
  for (const id of ['browser', 'java', 'python', 'unity', 'godot']) {
    const code = made(id).replaceAll('\\', '');
    for (const field of ['"speech_rate":1.25', '"pitch_rate":0.9', '"volume":70', '"language_type":"Chinese"', '"instructions":"softly"', '"sample_rate":16000']) {
      assert.ok(code.includes(field), `${id} lacks ${field}`);
    }
  }
  const curl = made('curl');
  assert.ok(curl.includes('"speed": 1.25') && curl.includes('"instructions": "softly"'));
  assert.ok(!curl.includes('pitch_rate') && !curl.includes('volume'));
});
