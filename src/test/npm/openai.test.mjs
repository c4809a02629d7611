// OpenAI's own package, with nothing changed but the address.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import OpenAI from 'openai';

const origin = process.env.VOICEBRIDGE;
const limit = {timeout: 60_000};
const client = new OpenAI({baseURL: `${origin}/v1`, apiKey: 'any-value-where-no-keys-are-set'});

const SENTENCE = '夜里下了一场小雨，清晨的街道闻起来有青草的味道。';
const order = (more) =>
  ({model: 'gpt-4o-mini-tts', voice: 'alloy', input: SENTENCE, response_format: 'pcm', ...more});

async function bytes(answer) {
  return Buffer.from(await answer.arrayBuffer());
}

test('speaks in the format that is asked for', limit, async () => {
  const pcm = await bytes(await client.audio.speech.create(order()));
  assert.equal(pcm.length % 2, 0);
  const seconds = pcm.length / 48_000;
  assert.ok(seconds > 2 && seconds < 12, `${seconds} s`);

  const mp3 = await client.audio.speech.create(order({response_format: undefined}));
  assert.equal(mp3.headers.get('content-type'), 'audio/mpeg');
  assert.ok(mp3.headers.get('x-request-id'));
  const frames = await bytes(mp3);
  assert.equal(frames[0], 0xff);
  assert.equal(frames[1] & 0xe0, 0xe0);
  assert.ok(frames.length > 4_000 * seconds, `${frames.length} bytes`);
});

test('streams: the body is read as it comes', limit, async () => {
  const answer = await client.audio.speech.create(order({input: SENTENCE.repeat(10)}));
  let pieces = 0;
  let length = 0;
  for await (const piece of answer.body) {
    pieces++;
    length += piece.length;
  }
  assert.ok(pieces > 3, `${pieces} pieces`);
  assert.equal(length % 2, 0);
  assert.ok(length > 10 * 48_000, `${length} bytes`);
});

test('events, which the package hands on as they are, join to the same speech', limit, async () => {
  const plain = await bytes(await client.audio.speech.create(order()));
  const answer = await client.audio.speech.create(order({stream_format: 'sse'}));
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  const events = (await answer.text()).trimEnd().split('\n\n').map((event) => {
    assert.ok(event.startsWith('data: {'), event);
    return JSON.parse(event.slice(6));
  });

  const done = events.pop();
  assert.equal(done.type, 'speech.audio.done');
  assert.equal(done.usage.total_tokens, done.usage.input_tokens + done.usage.output_tokens);
  assert.deepEqual(new Set(events.map((event) => event.type)), new Set(['speech.audio.delta']));
  const joined = Buffer.concat(events.map((event) => Buffer.from(event.audio, 'base64')));
  assert.equal(joined.length, plain.length);
});

test('lists models and looks one up, with a slash in its name too', limit, async () => {
  const names = [];
  for await (const model of client.models.list()) {
    assert.equal(model.object, 'model');
    assert.equal(typeof model.created, 'number');
    assert.equal(typeof model.owned_by, 'string');
    names.push(model.id);
  }
  assert.ok(names.includes('cosyvoice-v3-flash'), names.join());

  for (const name of ['cosyvoice-v3-flash', 'FunAudioLLM/CosyVoice2-0.5B', 'tts-1']) {
    assert.equal((await client.models.retrieve(name)).id, name);
  }
});

test('reads what is wrong', limit, async () => {
  await assert.rejects(client.audio.speech.create(order({model: 'gpt-5'})), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError);
    assert.equal(error.code, 'model_not_found');
    assert.equal(error.param, 'model');
    assert.equal(error.type, 'invalid_request_error');
    assert.ok(error.requestID);
    assert.match(error.message, /gpt-5/);
    return true;
  });
  await assert.rejects(client.audio.speech.create(order({voice: 'cherri'})), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.param, 'voice');
    assert.match(error.message, /Cherry/);
    return true;
  });
  await assert.rejects(client.models.retrieve('nobody'), OpenAI.NotFoundError);
});

test('a caller that aborts stops the speech', limit, async () => {
  const before = await abandoned();
  const stop = new AbortController();
  const answer = await client.audio.speech.create(
    order({input: SENTENCE.repeat(200)}), {signal: stop.signal});
  const reader = answer.body.getReader();
  assert.ok((await reader.read()).value.length > 0);

  stop.abort();

  await assert.rejects(async () => {
    while (!(await reader.read()).done) {
      // What was under way already.
    }
  });
  for (let tries = 0; (await abandoned()) === before; tries++) {
    assert.ok(tries < 200, 'the server still speaks');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

async function abandoned() {
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  return metrics.split('\n')
    .filter((line) => line.startsWith('voicebridge_speech_requests') && line.includes('abandoned'))
    .map((line) => Number(line.split(' ').pop()))
    .reduce((sum, count) => sum + count, 0);
}
