// @ts-check
/** For `ref`: the field has the focus as soon as it is there, so that no key goes elsewhere. @param {HTMLElement|null} field */
export function focus(field) {
  field?.focus();
}
