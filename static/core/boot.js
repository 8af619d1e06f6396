// Runs before the first paint, so that a chosen theme or language does not flash: everything else comes as modules.
(function () {
  var root = document.documentElement;
  var chosen = function (name) {
    try {
      return JSON.parse(localStorage.getItem('ringcard.' + name) || 'null');
    } catch (_) {
      return null;
    }
  };
  var theme = chosen('theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  var language = chosen('language') || navigator.language || 'en';
  root.lang = String(language).slice(0, 2) === 'ru' ? 'ru' : 'en';
})();
