// @ts-check
import { bind } from '../../core/keys.js';
import { sound, theme } from '../../core/prefs.js';
import { go, lastIn } from '../../core/router.js';
import { leave } from '../../core/session.js';
import { end } from '../../live/live.js';
import { unlock } from '../../live/sound.js';
import { bindSheetKey } from '../../ui/keys-sheet.js';
import { attempt } from '../../ui/toast.js';
import { drawer } from './drawer.js';
import { openPalette } from './palette/palette.js';
import { size } from './size.js';
import { isOffered, VIEWS } from './views.js';

/** @typedef {import('../../core/keys.js').Key} Key */

/** The keys that work in every section, and what the palette offers everywhere. */
export function bindFrameKeys() {
  bindSheetKey();
  /** @type {Omit<Key, 'group'>[]} */
  const everywhere = [
    { id: 'palette', keys: ['Ctrl+k'], words: 'palette.label', everywhere: true, run: openPalette },
    { id: 'search', keys: ['/'], words: 'palette.label', run: openPalette },
    ...VIEWS.filter(isOffered).map(({ section, words, keys }) => ({ id: `go.${section}`, keys: [keys], words, run: () => go(lastIn(section)) })),
    { id: 'new-contact', keys: ['g n'], words: 'contact.title', offered: true, run: () => go('/contacts/new') },
    {
      id: 'drawer.close',
      keys: ['Escape'],
      words: 'drawer.close',
      when: () => drawer.value !== null && !document.activeElement?.closest('.card, .menu'),
      run: () => drawer.value?.close(),
    },
    act('palette.window', () => size.value !== 'phone', () => void open('/card', 'ringcard-card', 'popup,width=440,height=760')),
    act('palette.sound_on', () => !sound.value, () => {
      sound.value = true;
      unlock();
    }),
    act('palette.sound_off', () => sound.value, () => (sound.value = false)),
    act('palette.theme.light', () => theme.value !== 'light', () => (theme.value = 'light')),
    act('palette.theme.dark', () => theme.value !== 'dark', () => (theme.value = 'dark')),
    act('palette.theme.auto', () => theme.value !== 'auto', () => (theme.value = 'auto')),
    act('me.sign_out', () => true, () => attempt(() => leave(end))),
  ];
  bind(everywhere.map((key) => ({ ...key, group: 'keys.everywhere' })));
}

/** What has no key of its own. @param {string} words @param {() => boolean} when @param {() => void} run */
const act = (words, when, run) => ({ id: words, keys: [], words, offered: true, when, run });
