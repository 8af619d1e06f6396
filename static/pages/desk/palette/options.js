// @ts-check
/** What the palette offers for what was typed: who rings first, then recent calls, people, numbers, pages, actions. */
import { dialPhone, hasLine, linesToChoose } from '../../../card/call-button.js';
import { stack } from '../../../card/cards.js';
import { formatTyped, typedAs } from '../../../card/dialled.js';
import { ICONS, word } from '../../../card/head.js';
import { calls } from '../../../card/lists.js';
import { look } from '../../../card/look.js';
import { phaseOf } from '../../../card/phase.js';
import * as places from '../../../card/places.js';
import { isNamed, isNumber, nameOf, number, who } from '../../../card/who.js';
import { formatPhone, formatWhen } from '../../../core/format.js';
import { t } from '../../../core/i18n.js';
import { keys } from '../../../core/keys.js';
import { shortcuts } from '../../../core/prefs.js';
import { go, lastIn } from '../../../core/router.js';
import { me } from '../../../core/session.js';
import { size } from '../size.js';
import { VIEWS } from '../views.js';

/** @typedef {import('../../../core/types.js').Call} Call */
/** @typedef {import('../../../core/types.js').Contact} Contact */

/**
 * @typedef {object} Option
 * @property {string} id
 * @property {'ringing'|'recent'|'people'|'numbers'|'pages'|'actions'} group
 * @property {string} icon
 * @property {string} title
 * @property {string} [more]
 * @property {string} [tone]
 * @property {boolean} [isNumber] the title is a number
 * @property {string} [contact] whose page it opens
 * @property {string} [keys] what leads there without the palette
 * @property {boolean} [stays] the focus goes back to where it was
 * @property {() => void} run
 */

const MOST_RECENT = 5;
const MOST_NUMBERS = 6;

/** @param {string} text @param {Contact[]|null} found whom the server knows of it; null: not asked, or not yet answered @returns {Option[]} */
export function optionsFor(text, found) {
  const fits = fitter(text);
  const called = [...ringing().filter(fits), ...recent(fits)];
  return [
    ...called,
    ...(found ?? []).filter(({ id }) => called.every(({ contact }) => contact !== id)).map(person),
    ...(hasLine() || size.value === 'phone' ? [...typedNumbers(text), ...(found ?? []).flatMap(numbersOf).slice(0, MOST_NUMBERS)] : []),
    ...pages().filter(fits),
    ...actions().filter(fits),
  ];
}

/** What Enter means before an arrow was pressed: a number that was typed whole is dialled. @param {Option[]} options @param {string} text */
export const usual = (options, text) => (typedAs(text) === 'number' && options.find(({ group }) => group === 'numbers')) || options[0];

/** @param {string} text */
const fold = (text) => text.toLowerCase().replaceAll('ё', 'е');

/** Every word that was typed begins a word; digits stand anywhere in the number. @param {string} text @returns {(option: Option) => boolean} */
function fitter(text) {
  const typed = fold(text).trim();
  const digits = text.replace(/\D/g, '').replace(/^8(?=\d{4})/, '7');
  if (typed === '') return () => true;
  if (typedAs(text) !== 'words') return ({ title, more = '' }) => digits !== '' && `${title} ${more}`.replace(/\D/g, '').includes(digits);
  const wanted = typed.split(/\s+/);
  return ({ title, more = '' }) => {
    const words = fold(`${title} ${more}`).split(/[^\p{L}\p{N}]+/u);
    return wanted.every((one) => words.some((word) => word.startsWith(one)));
  };
}

/** Who rings me, or talks with me. */
const onTheLine = () => stack.value.map(({ card }) => card).filter((card) => card.for_me && ['ringing', 'mine'].includes(phaseOf(card, me.value)));

/** @returns {Option[]} */
function ringing() {
  return onTheLine().map((card) => {
    const phase = phaseOf(card, me.value);
    const phone = isNamed(card.contact) ? number(card.phone, card.phone_formatted) : '';
    return {
      id: `call-${card.id}`,
      group: 'ringing',
      icon: ICONS[phase],
      tone: phase === 'mine' ? 'good' : 'live',
      title: who(card),
      isNumber: !isNamed(card.contact) && isNumber(card.phone),
      more: [word(card, phase), phone].filter(Boolean).join(' · '),
      contact: card.contact?.id,
      run: () => (card.contact ? toContact(card.contact.id) : toCard(card.id)),
    };
  });
}

/** The card of a client whom we do not know yet. @param {string} call */
function toCard(call) {
  places.open(call);
  requestAnimationFrame(() => /** @type {HTMLElement|null} */ (document.querySelector(`.card[data-call="${CSS.escape(call)}"]`))?.focus());
}

/** @param {string} id */
const toContact = (id) => go(`/contacts/${encodeURIComponent(id)}`);

/** With whom one talked last, each once. @param {(option: Option) => boolean} fits @returns {Option[]} */
function recent(fits) {
  const rings = new Set(onTheLine().map(({ phone }) => phone));
  const seen = new Set();
  return (calls.items.value ?? []).filter(({ phone }) => isNumber(phone) && !rings.has(phone) && !seen.has(phone) && seen.add(phone)).map(pastCall).filter(fits).slice(0, MOST_RECENT);
}

/** @param {Call} call @returns {Option} */
function pastCall(call) {
  const { icon, tone, word: what } = look(call);
  return {
    id: `recent-${call.id}`,
    group: 'recent',
    icon,
    tone,
    title: who(call),
    isNumber: !isNamed(call.contact),
    more: [`${what}, ${formatWhen(call.started_at)}`, isNamed(call.contact) ? number(call.phone, call.phone_formatted) : ''].filter(Boolean).join(' · '),
    contact: call.contact?.id,
    run: () => (call.contact ? toContact(call.contact.id) : go(`/calls?call=${encodeURIComponent(call.id)}`)),
  };
}

/** @param {Contact} contact @returns {Option} */
function person(contact) {
  const phone = formatPhone(contact.phones[0]?.number ?? '');
  const name = nameOf(contact);
  return {
    id: `person-${contact.id}`,
    group: 'people',
    icon: 'user',
    title: name || phone || t('card.new_client'),
    isNumber: !name,
    more: [contact.name && contact.company, name && phone].filter(Boolean).join(' · '),
    run: () => toContact(contact.id),
  };
}

/** The number that was typed, by each line there is. @param {string} text @returns {Option[]} */
function typedNumbers(text) {
  if (typedAs(text) !== 'number') return [];
  const title = t('dial.to', { phone: formatTyped(text) });
  const lines = linesToChoose();
  /** @type {Option[]} */
  const byLine = lines.map((line, index) => ({
    id: `dial-${index}`,
    group: 'numbers',
    icon: 'phone',
    title,
    more: lines.length > 1 ? t('palette.by_line', { line: line.account }) : t('palette.your_phone'),
    keys: index === 0 ? 'Enter' : undefined,
    stays: true,
    run: () => dialPhone(text.trim(), index === 0 ? undefined : line.integration),
  }));
  return size.value === 'phone' ? [...byLine, byThisPhone(text)] : byLine;
}

/** Past the PBX: under a finger the phone is in the hand. @param {string} text @returns {Option} */
const byThisPhone = (text) => ({
  id: 'dial-here',
  group: 'numbers',
  icon: 'monitor-smartphone',
  title: t('dial.to', { phone: formatTyped(text) }),
  more: t('palette.this_phone'),
  stays: true,
  run: () => location.assign(`tel:${text.replace(/[^\d+*#]/g, '')}`),
});

/** @param {Contact} contact @returns {Option[]} */
function numbersOf(contact) {
  if (!hasLine()) return [];
  return contact.phones.map(({ number: phone }) => ({
    id: `dial-${contact.id}-${phone}`,
    group: 'numbers',
    icon: 'phone',
    title: t('dial.to', { phone: formatPhone(phone) }),
    more: nameOf(contact),
    stays: true,
    run: () => dialPhone(phone),
  }));
}

/** @returns {Option[]} */
function pages() {
  /** @type {Option[]} */
  const sections = VIEWS.map(({ section, words, icon, keys: pressed }) => ({
    id: `page-${section}`,
    group: 'pages',
    icon,
    title: t(words),
    keys: shortcuts.value ? pressed : undefined,
    run: () => go(lastIn(section)),
  }));
  return [...sections, { id: 'page-browser', group: 'pages', icon: 'monitor-smartphone', title: t('me.menu'), run: () => go('/settings/browser') }];
}

/** What can be done here and now, by the registry of keys: the section's own first. @returns {Option[]} */
function actions() {
  return keys.value.filter((key) => key.offered && (key.when?.() ?? true)).map((key) => ({
    id: `action-${key.id}`,
    group: 'actions',
    icon: 'arrow-right',
    title: t(key.words),
    keys: shortcuts.value || key.everywhere ? key.keys[0] : undefined,
    stays: true,
    run: () => key.run(new KeyboardEvent('keydown', { key: key.keys[0] ?? 'Enter' })),
  }));
}
