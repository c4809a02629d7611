import { VbElement } from '../ui/element.js';

/**
 * One page of the studio. It is built when it is first opened and stays in the document from then on,
 * hidden while another is shown: nothing that was begun in it is lost.
 */
export class View extends VbElement {
  /** @type {import('../studio.js').Studio} set before it enters the document */
  studio;

  /**
   * It is shown (again).
   *
   * @param {URLSearchParams} wish what the address asks for: `#/speak?voice=…`
   */
  open(_wish) {}

  /** Another is shown from now on. */
  leave() {}
}
