import { estimated, wordAt } from '../speak/words.js';

/** The server takes 256 messages; nobody's memory needs them all, and each is paid for. */
const MOST_TURNS = 40;
const MOST_CHARS = 30_000;

/** A prompt and what was answered to it. */
export class Turn {
  /** What was received of the answer. @type {import('../take.js').Take | null} */
  take = null;
  /** @type {'' | 'done' | 'incomplete' | 'cut' | 'failed'} empty: it isn't over */
  status = '';
  /** How far the answer was heard, once it is over: an index of its text. */
  heard = 0;
  /** Why it failed. @type {{code?: string, message?: string, hint?: string} | null} */
  error = null;
  #words = { version: '', list: [] };

  constructor(prompt) {
    this.prompt = prompt;
  }

  /** What the model has written so far. */
  get text() {
    return this.take?.text ?? '';
  }

  /** Where the words of the answer are, in its text and in its sound; estimated where no times are told. */
  get words() {
    const { take, text } = this;
    if (!take) return [];
    const totalMs = ['completed', 'incomplete'].includes(take.status) ? take.totalMs : 0;
    const version = `${take.words.length} ${totalMs} ${text.length}`;
    if (version !== this.#words.version) {
      this.#words = { version, list: take.words.length > 0 ? take.words.map(placed) : estimated(text, { totalMs }) };
    }
    return this.#words.list;
  }

  /** The word that is heard at a position of the sound, or the last one before a pause; null before the first. */
  wordAt(ms) {
    return this.take?.samples > 0 ? wordAt(this.words, ms) : null;
  }

  /**
   * It is over.
   *
   * @param {'done' | 'incomplete' | 'cut' | 'failed'} status
   * @param {number} ms so much of it was heard
   */
  end(status, ms) {
    const whole = status === 'done' || status === 'incomplete';
    this.status = status;
    this.heard = whole ? this.text.length : ms > 0 ? (this.wordAt(ms)?.end ?? 0) : 0;
    if (status === 'cut' && this.heard > 0 && !/[\p{L}\p{N}]/u.test(this.text.slice(this.heard))) this.end('done', ms);
  }
}

function placed({ beginIndex: begin, endIndex: end, beginMs, endMs }) {
  return { begin, end, beginMs, endMs };
}

/**
 * What the model is told of a conversation: of its answers only what was heard. A prompt that failed
 * unanswered is left out.
 *
 * @param {Turn[]} turns the last one is the prompt to be answered
 * @returns {import('../../client/voicebridge.js').Message[]}
 */
export function messagesOf(turns) {
  const messages = [];
  let chars = 0;
  for (const turn of turns.slice(-MOST_TURNS).reverse()) {
    const content = turn.text.slice(0, turn.heard).trim();
    if (turn.status === 'failed' && !content) continue;
    chars += turn.prompt.length + content.length;
    if (chars > MOST_CHARS && messages.length > 0) break;
    if (content) messages.push({ role: 'assistant', content });
    messages.push({ role: 'user', content: turn.prompt });
  }
  return messages.reverse();
}
