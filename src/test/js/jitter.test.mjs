import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Playback } from '../../../webroot/client/playback.js';

/** Low, so that hours are played in seconds; a block is 5 ms, as in a browser at 24 kHz. */
const RATE = 8_000;
const BLOCK = 40;
const SEEDS = Array.from({ length: 25 }, (_, i) => i + 1);

/** Numbers from 0 to 1, the same for the same seed. */
function random(seed) {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What the network adds to the way of each frame, ms; `at` is when the frame was sent. */
const NETWORKS = {
  calm: (next) => () => next() * 5,
  'uniform 0–150 ms': (next) => () => next() * 150,
  'bursts each 150 ms': () => (at) => 150 - (at % 150),
  'bursts of random length': (next) => {
    let until = 0;
    return (at) => {
      while (until < at) until += 20 + next() * 130;
      return until - at;
    };
  },
  // Nothing gets through for a while, then everything at once; calm in between.
  'Wi-Fi stalls': (next) => {
    let from = 400 + next() * 3_000;
    let until = from + 150;
    return (at) => {
      while (until < at) {
        from = until + 300 + next() * 4_000;
        until = from + 50 + next() * 100;
      }
      return at >= from ? until - at : next() * 8;
    };
  },
  'a first stall after long calm': (next) => (at) => (at >= 20_000 && at < 20_150 ? 20_150 - at : next() * 3),
};

/** A voice: a fundamental that wanders, with overtones, syllables and breath. */
const VOICE = (() => {
  const next = random(7);
  const samples = new Int16Array(40 * RATE);
  let phase = 0;
  for (let i = 0; i < samples.length; i++) {
    const t = i / RATE;
    phase += (2 * Math.PI * (170 + 50 * Math.sin(t * 2.1) + 20 * Math.sin(t * 7))) / RATE;
    const tone = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.3 * Math.sin(5 * phase) + 0.1 * (next() - 0.5);
    samples[i] = 6000 * tone * (0.55 + 0.45 * Math.sin(t * 25));
  }
  return samples;
})();

/**
 * Sends a speech at its own pace through a network that keeps the order, and plays it.
 *
 * @returns what was heard: when it started and when each gap came, ms after the first arrival
 */
function listen(playback, { network, seed, frameMs, seconds, pace = 1 }) {
  const next = random(seed);
  const way = NETWORKS[network](next);
  const speech = VOICE.subarray(0, seconds * RATE);
  const frame = (frameMs * RATE) / 1000;
  const arrivals = [];
  for (let at = 0; at < speech.length; at += frame) {
    const sent = ((at / RATE) * 1000) / pace;
    arrivals.push([Math.max(arrivals.at(-1)?.[0] ?? 0, sent + way(sent)), speech.slice(at, at + frame)]);
  }
  const first = arrivals[0][0];
  const block = new Float32Array(BLOCK);
  const heard = { startMs: NaN, gaps: [], ms: 0, targets: [] };
  playback.begin(RATE);
  playback.started = false;
  let underruns = 0;
  for (let now = 0; !playback.drained && now < first + seconds * 3_000; now += (BLOCK * 1000) / RATE) {
    while (arrivals.length > 0 && arrivals[0][0] <= now) {
      playback.write(arrivals.shift()[1]);
      if (arrivals.length === 0) playback.end();
    }
    playback.render(block);
    if (playback.started) {
      playback.started = false;
      heard.startMs = now - first;
    }
    if (playback.underruns > underruns) {
      underruns = playback.underruns;
      heard.gaps.push(now - first);
    }
    heard.ms = now - first;
    heard.targets.push(playback.targetMs);
  }
  assert.equal(playback.drained, true, 'not played to its end');
  assert.ok(Math.abs(playback.playedMs - seconds * 1000) < 1, `played ${playback.playedMs} ms`);
  return heard;
}

for (const frameMs of [20, 100]) {
  for (const network of Object.keys(NETWORKS)) {
    test(`no gap after the first second: ${network}, frames of ${frameMs} ms`, () => {
      for (const seed of SEEDS) {
        const heard = listen(new Playback(RATE), { network, seed, frameMs, seconds: 40 });
        assert.deepEqual(heard.gaps.filter((ms) => ms > 1_000), [], `seed ${seed}: ${heard.gaps}`);
        assert.ok(heard.gaps.length <= 1, `seed ${seed}: ${heard.gaps}`);
        // Nobody hears that it was stretched: by less than half a second in all.
        assert.ok(heard.ms < 40_500, `lasted ${heard.ms} ms`);
      }
    });
  }

  test(`a calm network starts within 80 ms and never has a gap, frames of ${frameMs} ms`, () => {
    for (const seed of SEEDS) {
      const playback = new Playback(RATE);
      for (let speech = 0; speech < 4; speech++) {
        const heard = listen(playback, { network: 'calm', seed: seed + speech * 100, frameMs, seconds: 8 });
        assert.ok(heard.startMs <= 86, `started after ${heard.startMs} ms`); // 80 and one block
        assert.deepEqual(heard.gaps, []);
      }
      assert.ok(playback.targetMs <= 50, `still waits for ${playback.targetMs} ms`);
    }
  });

  test(`the delay grows with jitter, and shrinks when the network is calm again, frames of ${frameMs} ms`, () => {
    for (const seed of SEEDS) {
      const playback = new Playback(RATE);
      listen(playback, { network: 'uniform 0–150 ms', seed, frameMs, seconds: 20 });
      const grown = playback.targetMs;
      assert.ok(grown >= 120 && grown <= 180, `grown to ${grown} ms`);

      const again = listen(playback, { network: 'uniform 0–150 ms', seed: seed + 50, frameMs, seconds: 20 });
      assert.deepEqual(again.gaps, [], 'it had learned');

      const calm = listen(playback, { network: 'calm', seed, frameMs, seconds: 40 });
      assert.ok(playback.targetMs <= 50, `still waits for ${playback.targetMs} ms`);
      for (let i = 1; i < calm.targets.length; i++) assert.ok(calm.targets[i] <= calm.targets[i - 1]);
      const next = listen(playback, { network: 'calm', seed, frameMs, seconds: 2 });
      assert.ok(next.startMs <= 60, `started after ${next.startMs} ms`);
    }
  });
}

test('speech that comes faster than it is spoken starts at once and is never stretched', () => {
  for (const seed of SEEDS) {
    const heard = listen(new Playback(RATE), { network: 'calm', seed, frameMs: 100, seconds: 20, pace: 5 });
    assert.ok(heard.startMs <= 45, `started after ${heard.startMs} ms`);
    assert.ok(Math.abs(heard.ms - heard.startMs - 20_000) < 15, `lasted ${heard.ms} ms`);
    assert.deepEqual(heard.gaps, []);
  }
});
