import { h } from '../ui/element.js';
import { View } from './view.js';

/** To be built. */
class Voices extends View {
  build() {
    this.append(this.say(h('h2'), 'nav.voices'));
  }
}

customElements.define('vb-voices', Voices);
