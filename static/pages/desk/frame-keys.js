// @ts-check
import { bind } from '../../core/keys.js';
import { go, lastIn } from '../../core/router.js';
import { drawer } from './drawer.js';
import { VIEWS } from './views.js';

/** The keys that work in every section. */
export function bindFrameKeys() {
  bind([
    ...VIEWS.map(({ section, words, keys }) => ({ id: `go.${section}`, keys: [keys], words, run: () => go(lastIn(section)) })),
    { id: 'search', keys: ['/'], words: 'dial.label', run: () => document.getElementById('dial-phone')?.focus() },
    {
      id: 'drawer.close',
      keys: ['Escape'],
      words: 'drawer.close',
      when: () => drawer.value !== null && !document.activeElement?.closest('.card, .menu'),
      run: () => drawer.value?.close(),
    },
  ]);
}
