// @ts-check
/** The words of clients who may be one: loaded with their pages. */

/** @type {Record<string, import('../types.js').Entry>} */
export default {
  'merge.title': 'Объединить клиентов',
  'merge.back': '← Все повторы',
  'merge.duplicates': 'Повторы',
  'merge.duplicates_more': 'Клиенты, которые могут быть одним человеком. Сравните и объедините: номера, звонки, заметки и обещания останутся.',
  'merge.none': 'Повторов нет.',
  'merge.none_more': 'Ни у кого не совпали номер, почта или имя с компанией.',
  'merge.by.number': 'Один номер: {value}',
  'merge.by.email': 'Одна почта: {value}',
  'merge.by.name': 'Одинаковые имя и компания',
  'merge.compare': 'Сравнить',
  'merge.further': 'Искать дальше',
  'merge.with': 'С кем объединить?',
  'merge.joined': 'останутся все',
  'merge.joined_unless': 'останутся обе, если не выбрать одну',
  'merge.more': 'Звонки, заметки к ним и обещания перейдут к первому. Что не осталось, будет видно в его истории. Вернуть как было можно 30 дней.',
  'merge.run': 'Объединить',
  'merge.swap': 'Поменять местами',
  'merge.done': '«{who}»: теперь один клиент.',
  'merge.open': 'Открыть клиента',
};
