// @ts-check
/** The words of who signs in, by what, and who did what: loaded with their pages. */

/** @type {Record<string, import('../types.js').Entry>} */
export default {
  'audit.more': 'Кто входил, кого добавил, что настроил, выгрузил или удалил.',
  'audit.none': 'Записей нет.',
  'audit.command': 'команда на сервере',
  'audit.newer': 'Действие, которого эта версия не знает',
  'audit.role': 'роль: {role}',
  'audit.set_up': 'Первый администратор создан',
  'audit.signed_in': 'Вход',
  'audit.signed_out': 'Выход',
  'audit.user_made': 'Добавлен сотрудник',
  'audit.user_changed': 'Изменён сотрудник',
  'audit.user_disabled': 'Отключён сотрудник',
  'audit.user_invited': 'Дана ссылка-приглашение:',
  'audit.invite_accepted': 'Пароль задан по ссылке',
  'audit.integration_made': 'Добавлено подключение',
  'audit.integration_changed': 'Изменено подключение',
  'audit.integration_removed': 'Отключено подключение',
  'audit.crm_token_made': 'Новый ключ для АТС:',
  'audit.settings_changed': 'Изменены настройки',
  'audit.contact_deleted': 'Удалён клиент',
  'audit.contacts_exported': 'Выгружены клиенты',
  'audit.recording_played': 'Прослушана запись разговора',
};
