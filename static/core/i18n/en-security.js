// @ts-check
/** The words of who signs in, by what, and who did what: loaded with their pages. */

/** @type {Record<string, import('../types.js').Entry>} */
export default {
  'audit.more': 'Who signed in, whom they added, what they set up, exported or deleted.',
  'audit.none': 'Nothing yet.',
  'audit.command': 'a command on the server',
  'audit.newer': 'An act that this version does not know',
  'audit.role': 'role: {role}',
  'audit.set_up': 'The first admin was made',
  'audit.signed_in': 'Signed in',
  'audit.signed_out': 'Signed out',
  'audit.user_made': 'Added a person:',
  'audit.user_changed': 'Changed a person:',
  'audit.user_disabled': 'Disabled a person:',
  'audit.user_invited': 'Gave an invitation to',
  'audit.invite_accepted': 'Set the password by a link',
  'audit.integration_made': 'Added a connection:',
  'audit.integration_changed': 'Changed a connection:',
  'audit.integration_removed': 'Removed a connection:',
  'audit.crm_token_made': 'New key for the PBX:',
  'audit.settings_changed': 'Changed the settings',
  'audit.contact_deleted': 'Deleted a client',
  'audit.contacts_exported': 'Exported the clients',
  'audit.recording_played': 'Listened to a recording',
};
