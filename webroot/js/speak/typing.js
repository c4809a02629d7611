/** Where a text may be cut without tearing a word. */
const BOUNDARY = /[\s.,;:!?…。，、；：！？）」』”]/u;

/**
 * Text that is sent while it is still being written: up to the last boundary, or all of it when the writer
 * pauses. What was sent stays sent.
 */
export class Typing {
  #sent = '';

  /** What the server has. */
  get sent() {
    return this.#sent;
  }

  /** Whether the text still begins with what was sent. */
  agrees(text) {
    return text.startsWith(this.#sent);
  }

  /**
   * @param {string} text as it stands
   * @param {boolean} [all] the writer pauses or is done
   * @returns {string} what is to be sent now, perhaps empty
   */
  next(text, all = false) {
    if (!this.agrees(text)) return '';
    const rest = text.slice(this.#sent.length);
    let end = all ? rest.length : 0;
    for (let i = rest.length; end === 0 && i > 0; i--) if (BOUNDARY.test(rest[i - 1])) end = i;
    // A pair of surrogates is one letter.
    if (end > 0 && end < rest.length && /[\uD800-\uDBFF]/.test(rest[end - 1])) end--;
    const more = rest.slice(0, end);
    this.#sent += more;
    return more;
  }
}
