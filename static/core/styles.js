// @ts-check

/** What is there or on its way. @type {Map<string, Promise<void>>} */
const styles = new Map();

/** Loads the looks of a part that is not always shown; before it is. @param {string} name @returns {Promise<void>} */
export function loadStyle(name) {
  const coming = styles.get(name) ?? link(name);
  styles.set(name, coming);
  return coming;
}

/** @param {string} name @returns {Promise<void>} */
function link(name) {
  const sheet = document.createElement('link');
  sheet.rel = 'stylesheet';
  sheet.href = new URL(`../css/${name}.css`, import.meta.url).href;
  return new Promise((done, failed) => {
    sheet.onload = () => done();
    sheet.onerror = () => failed(new Error(`no ${name}.css`));
    document.head.append(sheet);
  });
}
