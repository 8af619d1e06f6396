// @ts-check
/** The words of clients who may be one: loaded with their pages. */

/** @type {Record<string, import('../types.js').Entry>} */
export default {
  'merge.title': 'Merge clients',
  'merge.back': '← All duplicates',
  'merge.duplicates': 'Duplicates',
  'merge.duplicates_more': 'Clients who may be one person. Compare and merge them: numbers, calls, notes and promises stay.',
  'merge.none': 'No duplicates.',
  'merge.none_more': 'Nobody shares a number, an e-mail address or a name and company.',
  'merge.by.number': 'One number: {value}',
  'merge.by.email': 'One e-mail: {value}',
  'merge.by.name': 'The same name and company',
  'merge.compare': 'Compare',
  'merge.further': 'Look further',
  'merge.with': 'Merge with whom?',
  'merge.joined': 'all stay',
  'merge.joined_unless': 'both stay unless you choose one',
  'merge.more': 'Calls, their notes and promises go to the first one. What does not stay is shown in its history. You can put it back for 30 days.',
  'merge.run': 'Merge',
  'merge.swap': 'Swap',
  'merge.done': '“{who}”: one client now.',
  'merge.open': 'Open the client',
};
