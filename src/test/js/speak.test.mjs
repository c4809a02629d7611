import assert from 'node:assert/strict';
import { test } from 'node:test';
import { after, amplified, fromDb, matched, speechLevel, toDb } from '../../../webroot/js/speak/level.js';
import { PIECES, check, inserted, plain, unwrapped, wrapped } from '../../../webroot/js/speak/ssml.js';
import { Typing } from '../../../webroot/js/speak/typing.js';
import { commonRate, cost, instructionLength, instructionRule, unitOf } from '../../../webroot/js/speak/usage.js';
import { STAGES, waterfall } from '../../../webroot/js/speak/waterfall.js';
import { WireLog, shortly, shows } from '../../../webroot/js/speak/wire-log.js';
import { estimated, placed, wordAt } from '../../../webroot/js/speak/words.js';

const RATE = 16_000;

/** A tone of a loudness, s16le. */
function tone(amplitude, ms) {
  return Int16Array.from({ length: (RATE * ms) / 1000 }, (_, i) => Math.round(amplitude * 32767 * Math.sin(i / 5))).buffer;
}

test('pauses count nothing towards the loudness of speech', () => {
  const speech = speechLevel([tone(0.4, 500)], RATE);
  const broken = speechLevel([tone(0.4, 200), tone(0, 1000), tone(0.4, 300)], RATE);
  assert.ok(Math.abs(toDb(speech.rms / broken.rms)) < 0.1);
  assert.ok(Math.abs(speech.rms - 0.4 / Math.SQRT2) < 0.01);
  assert.deepEqual(speechLevel([], RATE), { rms: 0, peak: 0 });
});

test('two recordings are made equally loud without clipping either', () => {
  for (const [one, other] of [[0.1, 0.8], [0.9, 0.3], [0.95, 0.02], [0.2, 0.2]]) {
    const recordings = [tone(one, 400), tone(other, 400)];
    const levels = recordings.map((pcm) => speechLevel([pcm], RATE));
    const factors = matched(...levels);
    const heard = recordings.map((pcm, i) => speechLevel([amplified(pcm, factors[i])], RATE));
    assert.ok(Math.abs(toDb(heard[0].rms / heard[1].rms)) < 0.2, `${one} and ${other}`);
    for (const { peak } of heard) assert.ok(peak < 0.9999);
  }
  assert.deepEqual(matched({ rms: 0, peak: 0 }, { rms: 0.5, peak: 0.9 }), [1, 1]);
});

test('what gets too loud is held, and the original stays', () => {
  const pcm = Int16Array.from([100, -20_000, 20_000]).buffer;
  assert.deepEqual([...new Int16Array(amplified(pcm, fromDb(6.0206)))].map((value) => Math.round(value / 100)), [2, -328, 328]);
  assert.deepEqual([...new Int16Array(pcm)], [100, -20_000, 20_000]);
});

test('the rest of a recording begins at the very sample', () => {
  const chunks = [Int16Array.from([0, 1, 2, 3]).buffer, Int16Array.from([4, 5]).buffer, Int16Array.from([6, 7]).buffer];
  const rest = (ms) => after(chunks, ms, 1000).flatMap((chunk) => [...new Int16Array(chunk)]);
  assert.deepEqual(rest(0), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(rest(3), [3, 4, 5, 6, 7]);
  assert.deepEqual(rest(4), [4, 5, 6, 7]);
  assert.deepEqual(rest(7), [7]);
  assert.deepEqual(rest(99), []);
});

test('told words are found in the text in their order', () => {
  const text = 'the cat and the dog';
  const words = ['the', 'cat', 'uhm', 'the'].map((word, i) => ({ text: word, beginMs: i * 100, endMs: i * 100 + 90 }));
  assert.deepEqual(
    placed(text, words).map(({ begin, end, beginMs }) => [text.slice(begin, end), begin, beginMs]),
    [['the', 0, 0], ['cat', 4, 100], ['the', 12, 300]],
  );
});

test('without told times the words fill the sound from end to end, longer ones longer', () => {
  const words = estimated('A considerable river.', { totalMs: 3000 });
  assert.equal(words.length, 3);
  assert.equal(words[0].beginMs, 0);
  assert.ok(words[1].endMs - words[1].beginMs > 5 * (words[0].endMs - words[0].beginMs));
  assert.ok(words[2].endMs < 3000 && words[2].endMs > 2000);
  const chinese = estimated('今天天气很好。');
  assert.ok(chinese.length >= 3);
  assert.ok(chinese.at(-1).endMs > 1_000 && chinese.at(-1).endMs < 2_000);
  assert.ok(estimated('twice as fast', { rate: 2 }).at(-1).endMs < 0.6 * estimated('twice as fast').at(-1).endMs);
});

test('the word at a position is the one being heard, or the last before a pause', () => {
  const words = [{ beginMs: 40, endMs: 90 }, { beginMs: 100, endMs: 150 }, { beginMs: 600, endMs: 700 }];
  assert.equal(wordAt(words, 39), null);
  assert.equal(wordAt(words, 40), words[0]);
  assert.equal(wordAt(words, 130), words[1]);
  assert.equal(wordAt(words, 400), words[1]);
  assert.equal(wordAt(words, 9999), words[2]);
  assert.equal(wordAt([], 5), null);
});

const MARKS = { click: 1000, sent: 1080, firstFrame: 1500, decoded: 1502, heard: 1590 };
const TIMINGS = { queued_ms: 10, upstream_open_ms: 150, first_text_ms: 151, first_audio_ms: 400 };

test('the stages follow each other without a gap and add up to the wait', () => {
  const stages = waterfall(MARKS, TIMINGS);
  assert.deepEqual(stages.map(({ stage }) => stage), STAGES);
  let at = 0;
  for (const { fromMs, toMs } of stages) {
    assert.equal(fromMs, at);
    assert.ok(toMs >= fromMs);
    at = toMs;
  }
  assert.equal(at, 590);
  const took = Object.fromEntries(stages.map(({ stage, fromMs, toMs }) => [stage, toMs - fromMs]));
  assert.deepEqual(took, { connect: 80, queued: 10, open: 140, text: 1, audio: 249, network: 20, decoded: 2, heard: 88 });
});

test('a server clock that runs ahead cannot break the order', () => {
  const stages = waterfall(MARKS, { ...TIMINGS, first_audio_ms: 5_000, queued_ms: 3_000 });
  assert.equal(stages.at(-1).toMs, 590);
  for (const { fromMs, toMs } of stages) assert.ok(toMs >= fromMs);
});

test('what is not known yet is not drawn', () => {
  assert.deepEqual(waterfall({ click: 5 }, null), []);
  assert.deepEqual(waterfall({ click: 5, sent: 9 }, null), [{ stage: 'connect', fromMs: 0, toMs: 4 }]);
  assert.deepEqual(waterfall({ ...MARKS, heard: undefined }, { first_audio_ms: 300 }).map(({ stage }) => stage), ['connect', 'audio', 'network', 'decoded']);
});

test('audio frames that follow each other are one line', () => {
  let now = 100;
  const log = new WireLog(() => now);
  now = 140;
  log.event('out', { event_id: 'e1', type: 'input_text_buffer.commit' });
  for (let i = 0; i < 12; i++) log.frame(4_000);
  log.event('in', { event_id: 'e2', type: 'response.done', response: { id: 'r' } });
  log.frame(10);
  assert.deepEqual(
    log.entries.map(({ at, direction, type, frames, bytes }) => [at, direction, type, frames, bytes]),
    [
      [40, 'out', 'input_text_buffer.commit', undefined, undefined],
      [40, 'in', 'audio', 12, 48_000],
      [40, 'in', 'response.done', undefined, undefined],
      [40, 'in', 'audio', 1, 10],
    ],
  );
});

test('no key and no ticket is written down, however deep', () => {
  const log = new WireLog();
  log.event('out', { type: 'session.authenticate', ticket: 'tick-1', provider_key: 'sk-2', more: [{ api_key: 'sk-3', session: { resume_token: 'tok-4' } }] });
  const saved = log.toJson();
  for (const secret of ['tick-1', 'sk-2', 'sk-3', 'tok-4']) assert.ok(!saved.includes(secret), secret);
  assert.equal(JSON.parse(saved).length, 1);
});

test('a paused log stands still, a long one forgets the oldest', () => {
  const log = new WireLog();
  log.paused = true;
  log.event('in', { type: 'a' });
  log.frame(2);
  assert.equal(log.entries.length, 0);
  log.paused = false;
  for (let i = 0; i < 2_000; i++) log.event('in', { type: `t${i}` });
  assert.ok(log.entries.length <= 600);
  assert.equal(log.entries.at(-1).type, 't1999');
});

test('the log shows what it is asked for', () => {
  const entry = { direction: 'in', type: 'response.done', event: { type: 'response.done', event_id: 'x', response: { id: 'resp_7' } } };
  assert.ok(shows(entry, 'all') && shows(entry, 'in') && !shows(entry, 'out') && !shows(entry, 'error'));
  assert.ok(shows(entry, 'all', 'RESP_7') && !shows(entry, 'all', 'resp_8'));
  assert.equal(shortly(entry), 'id resp_7');
  const done = { id: 'resp_0123456789abcdef', object: 'realtime.response', status: 'completed', output: [1], usage: { characters: 7 }, words: [1, 2] };
  assert.equal(shortly({ event: { type: 'response.done', event_id: 'x', response: done } }), 'id resp_0123…, status completed, characters 7, words × 2');
  assert.equal(shortly({ type: 'audio', frames: 2 }), '');
  assert.equal(shortly({ event: { type: 't', event_id: 'x' } }), '');
  assert.ok(shortly({ event: { type: 't', text: 'a'.repeat(999) } }).length < 150);
});

test('SSML that can be sent is let through', () => {
  for (const good of [
    '<speak>你好<break time="500ms"/>世界</speak>',
    ' <speak rate="1.2"><sub alias="a &amp; b">ab</sub> <phoneme alphabet=\'py\' ph="chong2">重</phoneme></speak>\n',
    wrapped('3 < 4 & 5'),
    wrapped('<speak>already</speak>'),
  ]) {
    assert.equal(check(good), null, good);
  }
});

test('SSML that is malformed is told with its place', () => {
  const problem = (text) => check(text)?.problem;
  assert.equal(problem('hello'), 'root');
  assert.equal(problem(''), 'root');
  assert.equal(problem('<speaker>a</speaker>'), 'root');
  assert.equal(problem('<speak>a<break time=500ms/></speak>'), 'tag');
  assert.equal(problem('<speak>a < b</speak>'), 'tag');
  assert.equal(problem('<speak>a & b</speak>'), 'entity');
  assert.equal(problem('<speak><sub alias="x">a</speak>'), 'unopened');
  assert.equal(problem('<speak>a'), 'unclosed');
  assert.equal(problem('<speak>a</speak>b'), 'outside');
  assert.equal(problem('<speak>a</speak><speak>b</speak>'), 'outside');
  assert.equal(problem('<speak><blink>a</blink></speak>'), 'unknown');
  assert.deepEqual(check('<speak>a &b</speak>'), { problem: 'entity', what: '&', at: 9 });
});

test('what is read aloud has no marks', () => {
  assert.equal(plain('<speak>a<break time="1s"/>b <sub alias="World Wide Web">WWW</sub> &lt;3 &amp;lt;</speak>'), 'ab World Wide Web <3 &lt;');
});

test('a text goes into marks and out of them as it was', () => {
  for (const text of ['plain', '3 < 4 & "5"', '你好']) assert.equal(unwrapped(wrapped(text)), text);
});

test('a model that reads no marks gets none', () => {
  assert.equal(unwrapped('<speak>a<break time="1s"/>b &#33;&#x4F60;</speak>'), 'ab !你');
  assert.equal(unwrapped('3 < 4'), '3 < 4');
});

test('a piece goes where the caret is, and never outside of the text', () => {
  const marked = '<speak>a b</speak>';
  for (const at of [0, marked.length]) {
    const { text } = inserted(marked, at, at, PIECES.break);
    assert.equal(check(text), null);
    assert.equal(plain(text), 'a b');
  }
  const all = inserted(marked, 0, marked.length, PIECES.sub);
  assert.equal(all.text, '<speak><sub alias="Voicebridge">a b</sub></speak>');
  assert.equal(all.text.slice(all.from, all.to), 'a b');
  const empty = inserted('<speak></speak>', 3, 3, PIECES.digits);
  assert.equal(empty.text.slice(empty.from, empty.to), '12345');
  assert.equal(check(empty.text), null);
});

test('typing is sent at the ends of words, the rest when the writer pauses', () => {
  const typing = new Typing();
  assert.equal(typing.next('Hel'), '');
  assert.equal(typing.next('Hello wor'), 'Hello ');
  assert.equal(typing.next('Hello world'), '');
  assert.equal(typing.next('Hello world', true), 'world');
  assert.equal(typing.next('Hello world, and'), ', ');
  assert.equal(typing.sent, 'Hello world, ');
  const chinese = new Typing();
  assert.equal(chinese.next('今天'), '');
  assert.equal(chinese.next('今天，天气'), '今天，');
  assert.equal(chinese.next('今天，天气', true), '天气');
});

test('what was sent cannot be taken back', () => {
  const typing = new Typing();
  typing.next('One two ');
  assert.ok(!typing.agrees('One tw'));
  assert.equal(typing.next('Ten two three '), '');
  assert.equal(typing.next('One two three '), 'three ');
});

test('characters are counted as the vendor counts them', () => {
  assert.equal(unitOf({ dialect: 'qwen_realtime' }), 'characters');
  assert.equal(unitOf({ dialect: 'cosyvoice' }), 'han2');
  assert.equal(unitOf({ dialect: 'siliconflow' }), 'bytes');
  assert.equal(cost('你好a。', 'characters'), 4);
  assert.equal(cost('你好a。', 'han2'), 6);
  assert.equal(cost('你好a。', 'bytes'), 10);
});

test('two voices are compared at one rate', () => {
  const a = { sample_rates: [8000, 16000, 24000, 48000] };
  const b = { sample_rates: [8000, 16000, 22050] };
  assert.equal(commonRate(a, b, 16000), 16000);
  assert.equal(commonRate(a, b, 48000), 16000);
  assert.equal(commonRate({}, b, 24000), 24000);
});

test('the length of an instruction is what the vendor says it is', () => {
  const qwen = instructionRule({ id: 'qwen3-tts-instruct-flash-realtime' });
  const cosy = instructionRule({ id: 'cosyvoice-v3-flash' });
  assert.deepEqual([qwen.most, cosy.most], [1_600, 100]);
  assert.equal(instructionLength('温柔a', cosy), 5);
  assert.ok(instructionLength('温柔 and slow', qwen) < 8);
});
