import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { decoded, fileName, joined, parseScript, remade, srt, timesOf } from '../../../webroot/js/script/lines.js';
import { ScriptRun } from '../../../webroot/js/script/run.js';
import { zip } from '../../../webroot/js/script/zip.js';

test('a known name before a colon is the speaker, narrow or wide', () => {
  const lines = parseScript('阿狐：晚上好。\nfox: Good evening.\n\nNote: this is read aloud.\nAt 10:30 we leave.', ['阿狐', 'Fox']);
  assert.deepEqual(lines, [
    { text: '晚上好。', speaker: '阿狐' },
    { text: 'Good evening.', speaker: 'Fox' },
    { text: 'Note: this is read aloud.', speaker: '' },
    { text: 'At 10:30 we leave.', speaker: '' },
  ]);
});

test('subtitles lose their numbers and times', () => {
  const lines = parseScript('\uFEFF1\r\n00:00:01,000 --> 00:00:02,500\r\nHello.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nBye.\r\n');
  assert.deepEqual(lines.map((line) => line.text), ['Hello.', 'Bye.']);
});

test('subtitles that were written can be read again', () => {
  const text = srt(timesOf([1000, 61_500], 500).map((times, i) => ({ text: `line ${i}`, ...times })));
  assert.equal(text, '1\r\n00:00:00,000 --> 00:00:01,000\r\nline 0\r\n\r\n2\r\n00:00:01,500 --> 00:01:03,000\r\nline 1\r\n');
  assert.deepEqual(parseScript(text).map((line) => line.text), ['line 0', 'line 1']);
});

const texts = (text, names) => parseScript(text, names).map((line) => line.text);

test('a line of digits is dropped only where times follow', () => {
  assert.deepEqual(texts('1984\nA year.\n7'), ['1984', 'A year.', '7']);
  assert.deepEqual(texts('1\n00:00:01,000 --> 00:00:02,000\n1984\n\n2\n00:00:03,000 --> 00:00:04,000\nA year.'), ['1984', 'A year.']);
  assert.deepEqual(texts('1\n00:00:01,000 --> 00:00:02,000\nOne.\n2\n00:00:03,000 --> 00:00:04,000\nTwo.'), ['One.', 'Two.']);
});

test('of WebVTT only the cues are spoken, without their marks', () => {
  const file = `WEBVTT - A title
Kind: captions

NOTE made by hand
on a Monday

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.000 align:start
<v Fox><i>Good</i> evening</v> &amp; welcome.

00:00:03.000 --> 00:00:04.000
<c.loud>Second</c> <00:00:03.500>cue
of two rows.`;
  assert.deepEqual(parseScript(file, ['Fox']), [
    { text: 'Good evening & welcome.', speaker: 'Fox' },
    { text: 'Second cue of two rows.', speaker: '' },
  ]);
});

test('a cue is one line, unless two speak in it', () => {
  const cue = (rows) => `1\n00:00:01,000 --> 00:00:02,000\n${rows}\n`;
  assert.deepEqual(texts(cue('One row\nand another.')), ['One row and another.']);
  assert.deepEqual(texts(cue('今天天气\n很好。')), ['今天天气很好。']);
  assert.deepEqual(parseScript(cue('Fox: Hello.\nOwl: Hello, Fox.'), ['Fox', 'Owl']), [
    { text: 'Hello.', speaker: 'Fox' },
    { text: 'Hello, Fox.', speaker: 'Owl' },
  ]);
});

test('what looks like a mark in a plain text stays', () => {
  assert.deepEqual(texts('NOTE this\nif a <b> c'), ['NOTE this', 'if a <b> c']);
});

test('a file is read in the encoding it was written in, and one that is no text is not read', () => {
  const bytes = (...list) => new Uint8Array(list).buffer;
  assert.equal(decoded(new TextEncoder().encode('你好').buffer), '你好');
  assert.equal(decoded(bytes(0xc4, 0xe3, 0xba, 0xc3)), '你好');
  assert.equal(decoded(bytes(0xff, 0xfe, 0x60, 0x4f)), '你');
  assert.equal(decoded(bytes()), '');
  assert.equal(decoded(bytes(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13)), null);
});

const spoken = (text, named, profile = named) => ({ text, named, profile, takes: ['a take'], chosen: 0, status: '', error: null });

test('a changed text keeps takes and the speaker that was chosen by hand', () => {
  const line = spoken('Good evening.', '', 'fox');
  const { lines, left } = remade([spoken('Gone.', ''), line], [{ text: 'New.', named: '' }, { text: 'Good evening.', named: '' }]);
  assert.equal(lines[1], line);
  assert.equal(line.profile, 'fox');
  assert.equal(line.chosen, 0);
  assert.deepEqual(left.map((one) => one.text), ['Gone.']);
  assert.deepEqual([lines[0].takes, lines[0].chosen], [[], -1]);
  assert.equal(remade([...lines, ...left], [{ text: 'Gone.', named: '' }]).lines[0].takes.length, 1);
});

test('a text that names another gives the line to them; takes of the one before are kept, but not chosen', () => {
  const byHand = remade([spoken('Hi.', '', 'fox')], [{ text: 'Hi.', named: 'owl' }]).lines[0];
  assert.deepEqual([byHand.profile, byHand.chosen, byHand.takes.length], ['owl', -1, 1]);
  const noLonger = remade([spoken('Hi.', 'fox')], [{ text: 'Hi.', named: '' }]).lines[0];
  assert.deepEqual([noLonger.profile, noLonger.chosen], ['', -1]);
  const sameAsByHand = remade([spoken('Hi.', '', 'fox')], [{ text: 'Hi.', named: 'fox' }]).lines[0];
  assert.deepEqual([sameAsByHand.profile, sameAsByHand.chosen], ['fox', 0]);
});

test('of two lines with the same words each keeps its own', () => {
  const [a, b] = [spoken('Yes.', 'fox'), spoken('Yes.', 'owl')];
  const { lines } = remade([a, b], [{ text: 'Yes.', named: 'owl' }, { text: 'Yes.', named: 'fox' }]);
  assert.deepEqual(lines, [b, a]);
  assert.equal(lines[0], b);
});

test('a file name leaves no folder and takes no other form', () => {
  assert.equal(fileName(7, '../../etc/passwd: "x"'), '007 etc passwd x');
  assert.equal(fileName(12, '你好，世界！'), '012 你好，世界！');
  assert.equal(fileName(1, '???'), '001');
});

test('joined lines are as long as their parts and the silence between them', () => {
  const sound = (samples) => [new Int16Array(samples).fill(5).buffer];
  const chunks = joined([sound(240), sound(480)], 24_000, 10);
  assert.equal(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0), 2 * (240 + 240 + 480));
});

test('a ZIP is read by another program, with its names', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.zip');
  const blob = zip([
    { name: '001 你好.wav', bytes: new TextEncoder().encode('abc') },
    { name: 'b.srt', bytes: new Uint8Array(0) },
  ]);
  writeFileSync(file, Buffer.from(await blob.arrayBuffer()));
  let told;
  try {
    told = execFileSync('jar', ['tf', file], { encoding: 'utf8', env: { ...process.env, JAVA_TOOL_OPTIONS: '-Dstdout.encoding=UTF-8' }, stdio: ['ignore', 'pipe', 'ignore'] });
    execFileSync('jar', ['xf', file], { cwd: folder, stdio: 'ignore' });
  } catch (missing) {
    if (missing.code === 'ENOENT') return t.skip('no jar command on the path');
    throw missing;
  }
  assert.equal(told.trim().split(/\r?\n/).length, 2);
});

/** A session that says each text at once, but for those that hold "bad". */
class Saying extends EventTarget {
  model = '';
  told = [];
  cancelled = 0;
  update(fields) {
    this.told.push(fields.voice);
  }
  speak(text) {
    const speech = new EventTarget();
    speech.done = Promise.resolve().then(() => {
      if (text.includes('bad')) return { status: 'failed', error: new Error('refused') };
      speech.dispatchEvent(new CustomEvent('audio', { detail: { pcm: new Int16Array(2400).fill(1).buffer, sampleRate: 24_000 } }));
      return { status: 'completed' };
    });
    return speech;
  }
  cancel() {
    this.cancelled++;
  }
}

const script = (...texts) => texts.map((text) => ({ text, takes: [], chosen: -1, status: '', error: null }));
const how = (line) => ({ model: 'm', fields: { voice: line.text[0] } });
const ended = (run) => new Promise((resolve) => run.addEventListener('state', ({ detail }) => detail.state === 'idle' && resolve()));

test('twenty lines with a failing one in the middle: nineteen takes, one error', async () => {
  const run = new ScriptRun(new Saying());
  const lines = script(...Array.from({ length: 20 }, (_, i) => (i === 9 ? 'bad' : `line ${i}`)));
  const over = ended(run);
  run.speak(lines, how);
  await over;
  assert.equal(lines.filter((line) => line.takes.length === 1 && line.chosen === 0).length, 19);
  assert.equal(lines[9].status, 'failed');
  assert.equal(lines[9].error.message, 'refused');
});

test('a pause lets the present line finish, and going on speaks the rest', async () => {
  const run = new ScriptRun(new Saying());
  const lines = script('a', 'b', 'c');
  run.addEventListener('line', ({ detail }) => detail.line === lines[0] && detail.line.status === 'speaking' && run.pause());
  const paused = new Promise((resolve) => run.addEventListener('state', ({ detail }) => detail.state === 'paused' && resolve()));
  run.speak(lines, how);
  await paused;
  assert.deepEqual(lines.map((line) => line.takes.length), [1, 0, 0]);
  const over = ended(run);
  run.resume();
  await over;
  assert.deepEqual(lines.map((line) => line.takes.length), [1, 1, 1]);
});

test('a retake is a further take, and the newest is chosen', async () => {
  const run = new ScriptRun(new Saying());
  const lines = script('a');
  for (let i = 0; i < 2; i++) {
    const over = ended(run);
    run.speak(lines, how);
    await over;
  }
  assert.equal(lines[0].takes.length, 2);
  assert.equal(lines[0].chosen, 1);
});

test('stopping forgets what waits and keeps what is there', async () => {
  const bridge = new Saying();
  const run = new ScriptRun(bridge);
  const lines = script('a', 'b', 'c');
  run.addEventListener('line', ({ detail }) => detail.line === lines[1] && detail.line.status === 'speaking' && run.stop());
  const over = ended(run);
  run.speak(lines, how);
  await over;
  assert.equal(bridge.cancelled, 1);
  assert.deepEqual(lines.map((line) => line.status), ['', '', '']);
  assert.equal(lines[0].takes.length, 1);
  assert.equal(lines[2].takes.length, 0);
});
