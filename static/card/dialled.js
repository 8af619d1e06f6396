// @ts-check
/** What was typed into a dial box: a number that can be sent, words, or not enough yet. */

/** @typedef {'empty'|'number'|'words'|'short'|'no_code'|'long'} Typed */

/** A Russian number is 10 digits after 7 or 8; an extension has five at most; others begin with their country. @param {string} text @returns {Typed} */
export function typedAs(text) {
  const trimmed = text.trim();
  if (trimmed === '') return 'empty';
  if (/[^\d\s()+.\-*#]/.test(trimmed)) return 'words';
  const digits = trimmed.replace(/\D/g, '').length;
  if (/^[*#\d]+$/.test(trimmed) && /[*#]/.test(trimmed)) return 'number';
  if (digits > 15) return 'long';
  if (trimmed.startsWith('+')) return digits >= (trimmed.startsWith('+7') ? 11 : 8) ? 'number' : 'short';
  if (digits >= 10) return digits === 10 && /^[78]/.test(trimmed) ? 'short' : 'number';
  if (digits >= 6 && !/^[78]/.test(trimmed)) return 'no_code';
  return digits >= 2 && digits <= 5 && !/^8/.test(trimmed) ? 'number' : 'short';
}

/** `8916` → `8 916`: as it is typed. @param {string} text */
export function formatTyped(text) {
  const found = /^(\+7|7|8)(\d{3})(\d{1,3})?(\d{1,2})?(\d{1,2})?$/.exec(text.replace(/[\s().-]/g, ''));
  if (!found) return text.trim();
  const [, code, ...groups] = found;
  const [area, ...rest] = groups.filter(Boolean);
  return [code === '8' ? '8' : '+7', area, rest.join('-')].filter(Boolean).join(' ');
}
