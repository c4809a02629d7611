import { h } from '../ui/element.js';
import { View } from './view.js';

/** To be built. */
class Script extends View {
  build() {
    this.append(this.say(h('h2'), 'nav.script'));
  }
}

customElements.define('vb-script', Script);
