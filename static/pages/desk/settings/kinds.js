// @ts-check
/** What each kind of outside system is asked for; the server's table is src/app/integrations/members.rs. */

/** @typedef {import('../../../core/types.js').Integration['kind']} Kind */
/**
 * @typedef {object} Member
 * @property {string} name
 * @property {'text'|'secret'|'address'|'phone'|'email'|'switch'|'hosts'|string[]} form a list: one of these; hosts: several, with commas
 * @property {boolean} [needed]
 * @property {boolean} [on] what a switch is when nobody said
 */

/** @type {Record<Kind, Member[]>} */
export const MEMBERS = {
  'cloud-pbx': [
    { name: 'url', form: 'address', needed: true },
    { name: 'token', form: 'secret', needed: true },
    { name: 'recording_hosts', form: 'hosts' },
    { name: 'push_from', form: 'hosts' },
  ],
  sipsim: [
    { name: 'url', form: 'address', needed: true },
    { name: 'crm_name', form: 'text', needed: true },
    { name: 'crm_token', form: 'secret', needed: true },
    { name: 'token', form: 'secret', needed: true },
    { name: 'crm_user_email', form: 'email' },
    { name: 'id_field', form: 'text' },
  ],
  uis: [
    { name: 'url', form: 'address', needed: true },
    { name: 'login', form: 'text', needed: true },
    { name: 'password', form: 'secret', needed: true },
    { name: 'numb', form: 'phone', needed: true },
    { name: 'first_call', form: ['numc', 'numa', 'any'] },
    { name: 'switch_at_once', form: 'switch', on: true },
    { name: 'media_file', form: 'text' },
  ],
  mango: [
    { name: 'url', form: 'address', needed: true },
    { name: 'token', form: 'secret', needed: true },
    { name: 'directions', form: ['both', 'in', 'out'] },
    { name: 'default_number', form: 'phone' },
    { name: 'token_in', form: ['header', 'query'] },
    { name: 'widget_id', form: 'text' },
  ],
};

/** @type {Kind[]} */
export const KINDS = ['cloud-pbx', 'sipsim', 'uis', 'mango'];
