/** What stands on a page and is none of ours. */

/** Every element that pages are made of. */
const ELEMENTS = new Set(('html head meta title link body main header footer nav section article aside div p span strong em b i s small time h1 h2 h3 h4 a img ul ol li dl dt dd '
  + 'form fieldset legend label input select option optgroup textarea button datalist table caption thead tbody tfoot tr th td kbd code hr br audio progress output dialog details summary mark menu script noscript '
  + 'svg use g defs pattern rect path circle line text').split(' '));
/** Every attribute that they have, beside `aria-…` and `data-…`. */
const ATTRIBUTES = new Set(('accept accesskey alt autocapitalize autocomplete autofocus checked class cols colspan defaultvalue content contenteditable crossorigin datetime dir disabled download enterkeyhint focusable for hidden href id '
  + 'inert inputmode lang list max maxlength media min minlength multiple name novalidate open pattern placeholder popover preload readonly rel required role rows rowspan scope selected size sizes spellcheck '
  + 'src step style tabindex target title type value width height charset color theme-color '
  + 'viewBox fill stroke d x y x1 x2 y1 y2 cx cy r rx ry transform xmlns preserveAspectRatio text-anchor patternUnits patternTransform').split(' '));

/** In the page: what it, or this text if it were a page, must not have. */
function look({ elements, attributes, code }) {
  const page = code === undefined ? document : new DOMParser().parseFromString(code, 'text/html');
  const faults = [];
  const tell = (node, what) => faults.push(`${what}: ${node.outerHTML.slice(0, 200)}`);
  for (const node of page.querySelectorAll('*')) {
    if (!elements.includes(node.localName)) tell(node, `element ${node.localName}`);
    if (node.shadowRoot) tell(node, 'a shadow');
    for (const { name, value } of node.attributes) {
      if (!attributes.includes(name) && !/^(aria|data)-[a-z-]+$/.test(name)) tell(node, `attribute ${name}`);
      if (name === 'style' && !/^[\w\s:;%.,()#-]*$/.test(value)) tell(node, 'style');
      if (['href', 'src', 'action', 'formaction'].includes(name)) {
        const { protocol, origin } = new URL(value, document.baseURI);
        const isOurs = origin === location.origin && /^(https?|blob):$/.test(protocol);
        const isNumber = node.localName === 'a' && protocol === 'tel:';
        const isCode = node.localName === 'img' && node.className === 'qr' && value.startsWith('data:image/svg+xml');
        if (!isOurs && !isNumber && !isCode) tell(node, `address ${value}`);
      }
    }
    if (node.localName === 'script' && (!node.src || node.textContent || node.parentElement !== document.head)) tell(node, 'script');
  }
  return faults;
}

const known = { elements: [...ELEMENTS], attributes: [...ATTRIBUTES] };

/** @param {import('playwright-core').Page} page @returns {Promise<string[]>} */
export const foreign = (page) => page.evaluate(look, known);

/**
 * All that the page says, whether it can be seen just now or not: texts, what stands in fields, the tab's title.
 * @param {import('playwright-core').Page} page @param {string} [within] only what stands in such elements
 */
export const texts = (page, within) => page.evaluate((only) => {
  const said = only ? [] : [document.title];
  for (const root of only ? document.querySelectorAll(only) : [document.documentElement]) {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) said.push(walk.currentNode.nodeValue);
  }
  for (const field of only ? [] : document.querySelectorAll('input, textarea')) said.push(/** @type {HTMLInputElement} */ (field).value);
  return said.join('\n');
}, within);

/** Whether this text, written into the page as code by somebody careless, would be found. @param {import('playwright-core').Page} page @param {string} text */
export async function isFound(page, text) {
  const careless = [`<p>${text}</p>`, `<p title="${text}"></p>`, `<p title='${text}'></p>`, `<p title=${text}></p>`, `<a href="${text}">x</a>`];
  const found = await Promise.all(careless.map((code) => page.evaluate(look, { ...known, code })));
  return found.some((faults) => faults.length > 0);
}
