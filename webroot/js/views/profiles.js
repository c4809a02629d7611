import { h } from '../ui/element.js';
import { View } from './view.js';

/** To be built. */
class Profiles extends View {
  build() {
    this.append(this.say(h('h2'), 'nav.profiles'));
  }
}

customElements.define('vb-profiles', Profiles);
