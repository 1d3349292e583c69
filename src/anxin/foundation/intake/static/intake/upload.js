/* Dropping a file onto the page, its name and size before it is sent, and the limit told before a long upload. */
(function () {
'use strict';
var form = document.querySelector('form[data-upload]'); if (!form) return;
var input = form.querySelector('input[type=file]'), zone = form.querySelector('[data-drop]');
var chosen = form.querySelector('[data-chosen]'), large = form.querySelector('[data-too-large]');
var limit = +form.dataset.largestMb * 1048576;
function size(n) { return n >= 1e6 ? (n / 1e6).toFixed(1) + ' MB' : Math.max(1, Math.round(n / 1e3)) + ' KB'; }
function show() {
  var file = input.files[0], over = !!file && file.size > limit;
  chosen.textContent = file ? file.name + ' \u00b7 ' + size(file.size) : '';
  large.hidden = !over; form.querySelector('[type=submit]').disabled = over;
}
input.addEventListener('change', show);
['dragenter', 'dragover'].forEach(function (name) { zone.addEventListener(name, function (e) { e.preventDefault(); zone.classList.add('over'); }); });
['dragleave', 'drop'].forEach(function (name) { zone.addEventListener(name, function () { zone.classList.remove('over'); }); });
zone.addEventListener('drop', function (e) { e.preventDefault(); if (e.dataTransfer.files.length) { input.files = e.dataTransfer.files; show(); } });
/* A file that misses the zone must not replace the page. */
['dragover', 'drop'].forEach(function (name) { document.addEventListener(name, function (e) { if (!zone.contains(e.target)) e.preventDefault(); }); });
})();
