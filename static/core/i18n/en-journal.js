// @ts-check
/** What the journal of the PBX says: loaded with it. */

/** @type {Record<string, import('../types.js').Entry>} */
export default {
  'journal.more': 'All that the PBX sent, and what was made of it. The key is hidden.',
  'journal.none': 'The PBX has sent nothing yet.',
  'journal.cmd.event': 'A call goes on',
  'journal.cmd.history': 'How a call ended',
  'journal.cmd.contact': 'The question “who is calling?”',
  'journal.cmd.rating': 'A talk was rated',
  'journal.unknown': 'no command',
  'journal.newer': 'Show newer messages',
  'journal.replay': 'Read it again',
  'journal.replayed': 'The message was read again.',
  'push.member_missing': '“{member}” is missing.',
  'push.member_blank': '“{member}” is blank.',
  'push.member_twice': '“{member}” is there twice.',
  'push.member_too_long': '“{member}” is longer than {most_bytes} bytes.',
  'push.member_unknown': 'We do not know this value of “{member}”.',
  'push.member_no_number': '“{member}” must be a number from {least} to {most}.',
  'push.member_nested': 'One of the values is neither text nor a number.',
  'push.nul_character': 'There is a NUL character in it.',
  'push.invalid_utf8': 'The text is not UTF-8.',
  'push.no_json_object': 'It is no JSON object, though it says so.',
  'push.start_ahead': { one: 'Its start was left out: {n} minute after we got it. Check this PBX’s clock and time zone.', other: 'Its start was left out: {n} minutes after we got it. Check this PBX’s clock and time zone.' },
  'push.start_before': { one: 'Its start was left out: {n} minute before the first event.', other: 'Its start was left out: {n} minutes before the first event.' },
  'push.start_after': { one: 'Its start was left out: {n} minute after the first event.', other: 'Its start was left out: {n} minutes after the first event.' },
  'push.link_no_address': 'The link to the recording was left out: it is neither http nor https.',
  'push.legs_full': 'This employee was left out: a call has room for {most}.',
  'push.call_unreadable': 'Its call is damaged and cannot be read. Repair it, then read the message again.',
  'push.untold': 'The reason was not written down.',
};
