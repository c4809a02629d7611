import { h, icon } from './element.js';
import { toast } from './toast.js';

export const COPY = 'M5.5 1.5h7a1 1 0 0 1 1 1v8h-1.4V2.9H5.5zM3 4.5h6.5a1 1 0 0 1 1 1V13a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V5.5a1 1 0 0 1 1-1zm.4 1.4v6.7h5.7V5.9z';

/**
 * A button that copies.
 *
 * @param {import('./element.js').VbElement} owner whose language it follows
 * @param {() => string} text what to copy, asked at the click
 */
export function copyButton(owner, text, { label = 'copy.label' } = {}) {
  const button = h('button', { type: 'button', class: 'secondary small copy' }, icon(COPY), owner.say(h('span'), label));
  button.addEventListener('click', () => copyText(text()));
  return button;
}

/** Copies, and says so. @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast('copy.done');
  } catch {
    toast('copy.refused'); // a frame without the permission
  }
}
