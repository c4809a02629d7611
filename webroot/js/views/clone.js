import { h } from '../ui/element.js';
import { View } from './view.js';

/** To be built. */
class Clone extends View {
  build() {
    this.append(this.say(h('h2'), 'nav.clone'));
  }
}

customElements.define('vb-clone', Clone);
