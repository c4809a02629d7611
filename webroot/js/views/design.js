import { h } from '../ui/element.js';
import { View } from './view.js';

/** To be built. */
class Design extends View {
  build() {
    this.append(this.say(h('h2'), 'nav.design'));
  }
}

customElements.define('vb-design', Design);
