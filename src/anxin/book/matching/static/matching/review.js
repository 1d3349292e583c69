/* Keys of the review: m merge, d different, l later, u undo; j and k go to the next and previous pair where no list is.
   Off with the other single keys (settings), while typing, and while a dialog is open. */
(function () {
  'use strict';
  var d = document;
  function typing(e) { return e && e.closest && e.closest('input:not([type=radio]):not([type=checkbox]),textarea,select,[contenteditable]'); }
  d.addEventListener('keydown', function (e) {
    if (e.isComposing || e.keyCode === 229 || e.ctrlKey || e.metaKey || e.altKey) return;
    if (d.documentElement.dataset.shortcuts === 'off' || typing(e.target) || d.querySelector('dialog[open]')) return;
    var key = e.key.toLowerCase();
    if ('mdlujk'.indexOf(key) < 0 || key.length !== 1) return;
    if ((key === 'j' || key === 'k') && d.querySelector('[data-rows]')) return;
    var button = (key === 'u' && d.querySelector('#toasts .undo')) || d.querySelector('[data-pair] [data-key="' + key + '"]');
    if (button) { e.preventDefault(); button.click(); }
  });
})();
