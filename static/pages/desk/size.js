// @ts-check
/** How much room there is: what CSS alone cannot arrange goes by it. */
import { signal } from '../../vendor/signals.mjs';

const phone = matchMedia('(max-width: 639px)');
const narrow = matchMedia('(max-width: 1023px)');
const read = () => (phone.matches ? 'phone' : narrow.matches ? 'strip' : 'dock');

/** What holds the cards: a sheet on a phone, a strip that opens, or a column. @type {{value: 'phone'|'strip'|'dock'}} */
export const size = signal(read());

for (const query of [phone, narrow]) query.addEventListener('change', () => (size.value = read()));
