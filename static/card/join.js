// @ts-check

/**
 * Two texts of one note as one, with every word of both: theirs first. What both had to begin with stands once.
 * @param {string} theirs
 * @param {string} mine
 * @param {string} base what mine was typed upon
 */
export function join(theirs, mine, base) {
  if (mine.includes(theirs)) return mine;
  if (theirs.includes(mine)) return theirs;
  const isCommon = base.trim() !== '' && theirs.includes(base) && mine.startsWith(base);
  const added = (isCommon ? mine.slice(base.length) : mine).trim();
  return added ? `${theirs.trimEnd()}\n${added}` : theirs;
}
