import { h } from '../ui/element.js';
import { View } from './view.js';

/** To be built. */
class Use extends View {
  build() {
    this.append(this.say(h('h2'), 'nav.use'));
  }
}

customElements.define('vb-use', Use);
