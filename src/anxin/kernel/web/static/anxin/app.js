/* First-party behaviour of every page: preferences, palette, shortcuts, rows, dialogs, toasts, htmx errors, clocks.
   No inline handlers anywhere (CSP): markup says what it wants through data-* attributes, listed in kernel/web/README.md. */
(function () {
'use strict';
var d = document, root = d.documentElement;
function $(s, c) { return (c || d).querySelector(s); }
function $$(s, c) { return [].slice.call((c || d).querySelectorAll(s)); }
function meta(n) { var m = $('meta[name="' + n + '"]'); return m ? m.content : ''; }
var words = {}, wordsEl = $('#ui-words');
if (wordsEl) words = JSON.parse(wordsEl.textContent);
function say(key, values) {
  return (words[key] || key).replace(/%\((\w+)\)[sd]/g, function (_, n) { return values && n in values ? values[n] : ''; });
}
/* The server's clock decides; a wrong clock on a counter PC must not move a deadline. */
var skew = 0, served = Date.parse(meta('server-now'));
if (served) skew = served - Date.now();
function now() { return Date.now() + skew; }
function pad(n) { return n < 10 ? '0' + n : '' + n; }
function hms(t) { return new Date(t).toLocaleTimeString('en-GB', {timeZone: 'Asia/Shanghai'}); }
function announce(text) { var live = $('#live'); if (live) { live.textContent = ''; setTimeout(function () { live.textContent = text; }, 30); } }

/* --- preferences: a cookie lets the server render the right look at once, the POST makes it the user's everywhere --- */
function keep(name, value) {
  d.cookie = 'anxin-' + name + '=' + value + ';path=/;max-age=31536000;samesite=lax' + (location.protocol === 'https:' ? ';secure' : '');
  var url = meta('preferences-url');
  if (url) fetch(url, {method: 'POST', credentials: 'same-origin', headers: {'X-CSRFToken': meta('csrf-token'), 'Content-Type': 'application/x-www-form-urlencoded'}, body: encodeURIComponent(name) + '=' + encodeURIComponent(value)}).catch(function () { announce(say('not_saved')); });
}
function setTheme(theme) {
  root.dataset.theme = theme; keep('theme', theme); markTheme();
  d.dispatchEvent(new CustomEvent('anxin:theme'));
}
function markTheme() { $$('[data-theme-toggle]').forEach(function (b) { b.setAttribute('aria-pressed', String(root.dataset.theme === 'dark')); }); }
function setDensity(value) {
  root.dataset.density = value; keep('density', value);
  $$('[data-density-set]').forEach(function (b) { b.setAttribute('aria-pressed', String(b.dataset.densitySet === value)); });
}
function setShortcuts(on) {
  root.dataset.shortcuts = on ? 'on' : 'off'; keep('shortcuts', root.dataset.shortcuts);
  $$('[data-shortcuts-toggle]').forEach(function (x) { if (x.type === 'checkbox') x.checked = on; else x.setAttribute('aria-pressed', String(on)); });
}
function drawer(open) {
  root.dataset.drawer = open ? 'open' : '';
  var b = $('[data-drawer-toggle]'), nav = $('#nav');
  if (b) b.setAttribute('aria-expanded', String(open));
  $$('.top, .main').forEach(function (x) { x.inert = open; });
  if (open && nav) { var a = $('a', nav); if (a) a.focus(); } else if (b && b.offsetParent) b.focus();
}

/* --- dialogs --- */
function openDialog(dlg) {
  if (!dlg || dlg.open) return;
  dlg.showModal();
  var first = $('[autofocus], [aria-invalid=true]', dlg); if (first) first.focus();
}
function closeDialogs() { $$('dialog[open]').forEach(function (x) { x.close(); }); }
d.addEventListener('close', function (e) { if (e.target.closest && e.target.closest('#dialog-host')) e.target.remove(); }, true);

/* --- command palette --- */
var palette = $('#palette'), pq = $('#palette-q'), pl = $('#palette-list');
function options() { return pl ? $$('[role=option]', pl).filter(function (o) { return !o.hidden; }) : []; }
function point(o) {
  options().forEach(function (x) { x.setAttribute('aria-selected', String(x === o)); });
  if (o) { if (!o.id) o.id = 'opt-' + Math.random().toString(36).slice(2, 9); pq.setAttribute('aria-activedescendant', o.id); o.scrollIntoView({block: 'nearest'}); }
  else if (pq) pq.removeAttribute('aria-activedescendant');
}
function sift() {
  var q = pq.value.trim().toLowerCase();
  $$('[data-static] [role=option]', pl).forEach(function (o) { o.hidden = q !== '' && (o.textContent + ' ' + (o.dataset.words || '')).toLowerCase().indexOf(q) < 0; });
  $$('[data-static]', pl).forEach(function (g) { g.hidden = !$$('[role=option]', g).some(function (o) { return !o.hidden; }); });
  if (!q) { var found = $('#palette-found'); if (found) found.textContent = ''; }
  settle();
}
function settle() { var all = options(); var none = $('#palette-none'); if (none) none.hidden = all.length > 0; point(all[0]); }
function openPalette() { if (palette && !palette.open) { closeDialogs(); palette.showModal(); pq.select(); sift(); } }
if (pq) {
  pq.addEventListener('input', sift);
  pq.addEventListener('keydown', function (e) {
    if (e.isComposing || e.keyCode === 229) return;
    var all = options(), i = all.findIndex(function (o) { return o.getAttribute('aria-selected') === 'true'; });
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { e.preventDefault(); point(all[(i + (e.key === 'ArrowDown' ? 1 : -1) + all.length) % all.length]); }
    else if (e.key === 'Enter') { e.preventDefault(); if (all[i]) all[i].click(); }
  });
}

/* --- rows: one current row, many ticked rows --- */
function rowsOf(table) { return $$('tbody tr', table).filter(function (r) { return !r.dataset.skip; }); }
function table() { return $('[data-rows]'); }
function current(t) { return t && $('tbody tr[aria-selected=true]', t); }
var previewTimer;
function makeCurrent(row) {
  var t = row.closest('[data-rows]'), old = current(t);
  if (old && old !== row) old.setAttribute('aria-selected', 'false');
  row.setAttribute('aria-selected', 'true'); row.scrollIntoView({block: 'nearest'});
  var target = $('#preview');
  if (row.dataset.preview && target && window.htmx && target.offsetParent && old !== row) {
    clearTimeout(previewTimer);
    previewTimer = setTimeout(function () { window.htmx.ajax('GET', row.dataset.preview, {target: '#preview', swap: 'innerHTML', source: target}); }, 120);
  }
}
function move(step) {
  var t = table(); if (!t) return;
  var all = rowsOf(t), i = all.indexOf(current(t));
  var row = all[Math.max(0, Math.min(all.length - 1, i + step))];
  if (row) { makeCurrent(row); var a = $('a[href]', row); if (a) a.focus({preventScroll: true}); }
}
function tick(row) { var box = row && $('input[type=checkbox]', row); if (box) { box.checked = !box.checked; box.dispatchEvent(new Event('change', {bubbles: true})); } }
function countTicks(scope) {
  var boxes = $$('tbody td.ck input[type=checkbox]', scope), n = boxes.filter(function (b) { return b.checked; }).length;
  var all = $('thead input[type=checkbox]', scope);
  if (all) { all.checked = n > 0 && n === boxes.length; all.indeterminate = n > 0 && n < boxes.length; }
  var card = scope.closest('[data-list]') || d;
  $$('[data-bulk]', card).forEach(function (b) { b.hidden = n === 0; });
  $$('[data-bulk-count]', card).forEach(function (c) { c.textContent = say('selected', {count: n}); });
}

/* --- toasts --- */
function toast(x) {
  var host = $('#toasts'); if (!host) return;
  var box = d.createElement('div'); box.className = 'toast ' + (x.level || 'info');
  box.setAttribute('role', x.level === 'danger' ? 'alert' : 'status');
  var p = d.createElement('p'); p.textContent = x.text || ''; box.appendChild(p);
  if (x.link) { var a = d.createElement('a'); a.href = x.link; a.textContent = x.link_text || say('open'); box.appendChild(a); }
  var left = x.seconds || (x.undo ? 10 : x.level === 'danger' ? 0 : 6), span;
  if (x.undo) {
    var b = d.createElement('button'); b.type = 'button'; b.className = 'undo'; b.textContent = say('undo');
    b.addEventListener('click', function () { b.disabled = true; window.htmx.ajax('POST', x.undo, {source: box, target: '#dialog-host', swap: 'none'}).then(function () { box.remove(); }); });
    box.appendChild(b); span = d.createElement('span'); span.className = 'left'; span.setAttribute('aria-hidden', 'true'); box.appendChild(span);
  }
  box.appendChild(closer()); host.appendChild(box); run(box, left, span);
}
function closer() {
  var c = d.createElement('button'); c.type = 'button'; c.className = 'icbtn'; c.dataset.toastClose = ''; c.setAttribute('aria-label', say('close')); c.textContent = '\u00d7';
  return c;
}
function run(box, left, span) {
  if (!left) return;
  var held = false;
  ['mouseenter', 'focusin'].forEach(function (n) { box.addEventListener(n, function () { held = true; }); });
  ['mouseleave', 'focusout'].forEach(function (n) { box.addEventListener(n, function () { held = false; }); });
  (function step() {
    if (!box.isConnected) return;
    if (span) span.textContent = left;
    if (left-- <= 0) { box.remove(); return; }
    setTimeout(function again() { if (held) setTimeout(again, 400); else step(); }, 1000);
  })();
}
$$('#toasts .toast').forEach(function (b) { b.appendChild(closer()); run(b, b.classList.contains('danger') ? 0 : 6); });
window.anxin = {toast: toast, say: say, now: now, openDialog: openDialog};

/* --- clocks of promises: the server sends when it is due and how long it was; the text is set again every half minute --- */
function span(seconds) {
  var m = Math.floor(seconds / 60), days = Math.floor(m / 1440), h = Math.floor(m % 1440 / 60), min = m % 60;
  if (days) return h ? say('span_dh', {d: days, h: h}) : say('span_d', {d: days});
  if (h) return min ? say('span_hm', {h: h, m: pad(min)}) : say('span_h', {h: h});
  return say('span_m', {m: min});
}
function ticks() {
  $$('.sla[data-due]').forEach(function (el) {
    var due = Date.parse(el.dataset.due), total = +el.dataset.total, left = (due - now()) / 1000;
    var level = left < 0 ? 'over' : left < total * .2 ? 'danger' : left < total * .5 ? 'warn' : 'ok';
    var before = el.dataset.level; el.dataset.level = level;
    ['ok', 'warn', 'danger', 'over'].forEach(function (c) { el.classList.toggle(c, c === level); });
    $('b', el).textContent = left < 0 ? say('span_over', {span: span(-left)}) : span(left);
    var bar = $('progress', el); if (bar && total) bar.value = Math.max(6, Math.min(100, 100 - left / total * 100));
    if (before && before !== level && level !== 'ok') announce((el.dataset.name ? el.dataset.name + ' ' : '') + $('b', el).textContent);
  });
}
setInterval(ticks, 30000);

/* --- forms --- */
function guarded() { return $$('form[data-guard]').filter(function (f) { return f.dataset.dirty; }); }
d.addEventListener('input', function (e) {
  var f = e.target.form; if (f && f.hasAttribute('data-guard')) f.dataset.dirty = '1';
  var q = e.target.closest('[data-filter]');
  if (q) { var v = q.value.trim().toLowerCase(); $$(q.dataset.filter, q.closest('.dd-p') || d).forEach(function (x) { x.hidden = v && x.textContent.toLowerCase().indexOf(v) < 0; }); }
  if (e.target.dataset.mustEqual !== undefined) {
    $$('[type=submit]', f).forEach(function (b) { b.disabled = e.target.value.trim() !== e.target.dataset.mustEqual; });
  }
});
addEventListener('beforeunload', function (e) { if (guarded().length) { e.preventDefault(); e.returnValue = ''; } });
d.addEventListener('submit', function (e) {
  var f = e.target; if (!f.matches) return;
  delete f.dataset.dirty;
  if (f.method === 'dialog' || f.hasAttribute('hx-post') || f.hasAttribute('data-hx-post') || f.hasAttribute('data-download')) return;
  /* One press, one posting: the button says so and stays where it is. */
  var b = e.submitter;
  if (b && f.method === 'post') {
    if (b.getAttribute('aria-busy') === 'true') { e.preventDefault(); return; }
    b.setAttribute('aria-busy', 'true'); if (b.dataset.busy) { b.dataset.text = b.textContent; b.textContent = b.dataset.busy; }
  }
});
addEventListener('pageshow', function (e) { if (e.persisted) $$('[aria-busy=true][type=submit]').forEach(function (b) { b.removeAttribute('aria-busy'); if (b.dataset.text) b.textContent = b.dataset.text; }); });
d.addEventListener('change', function (e) {
  var t = e.target;
  if (t.matches('thead input[type=checkbox]')) { var scope = t.closest('table'); $$('tbody td.ck input[type=checkbox]', scope).forEach(function (b) { b.checked = t.checked; }); countTicks(scope); }
  else if (t.matches('td.ck input[type=checkbox]')) countTicks(t.closest('table'));
  if (t.matches('[data-date-native]')) { var text = d.getElementById(t.dataset.dateNative); if (text) { text.value = t.value; text.dispatchEvent(new Event('input', {bubbles: true})); text.dispatchEvent(new Event('change', {bubbles: true})); text.focus(); } }
  if (t.matches('[data-shortcuts-toggle]')) setShortcuts(t.checked);
  if (t.matches('[data-submit-on-change]')) t.form.requestSubmit();
});

/* A template chosen: its values go into the fields of the form, the cursor to the end of the last of them. */
function fill(x) {
  var values = JSON.parse(x.dataset.fill), f = x.form || x.closest('form'), last;
  Object.keys(values).forEach(function (n) { var at = f.elements[n]; if (at) { at.value = values[n]; last = at; } });
  $$('[data-fill]', f).forEach(function (b) { b.setAttribute('aria-pressed', String(b === x)); });
  if (x.dataset.focus && f.elements[x.dataset.focus]) last = f.elements[x.dataset.focus];
  if (last) { last.focus(); if (last.setSelectionRange) last.setSelectionRange(last.value.length, last.value.length); last.dispatchEvent(new Event('input', {bubbles: true})); }
}

/* --- clicks --- */
d.addEventListener('click', function (e) {
  var t = e.target, x;
  if ((x = t.closest('[data-theme-toggle]'))) setTheme(root.dataset.theme === 'dark' ? 'light' : 'dark');
  if ((x = t.closest('[data-density-set]'))) setDensity(x.dataset.densitySet);
  if ((x = t.closest('[data-nav-toggle]'))) { root.dataset.nav = root.dataset.nav === 'slim' ? 'wide' : 'slim'; keep('nav', root.dataset.nav); x.setAttribute('aria-expanded', String(root.dataset.nav !== 'slim')); }
  if ((x = t.closest('[data-shortcuts-toggle]')) && x.type !== 'checkbox') setShortcuts(root.dataset.shortcuts === 'off');
  if (t.closest('[data-drawer-toggle]')) drawer(root.dataset.drawer !== 'open'); else if (t.closest('.scrim')) drawer(false);
  if (t.closest('[data-palette-open]')) openPalette();
  if ((x = t.closest('[data-dialog-open]'))) openDialog(d.getElementById(x.dataset.dialogOpen));
  if ((x = t.closest('[data-dialog-close]'))) x.closest('dialog').close();
  if (t.matches('dialog[open]') && !t.hasAttribute('data-keep')) { var r = t.getBoundingClientRect(); if (e.clientX < r.left || e.clientX > r.right || e.clientY < r.top || e.clientY > r.bottom) t.close(); }
  if ((x = t.closest('[data-toast-close]'))) x.closest('.toast').remove();
  if ((x = t.closest('[data-copy]')) && navigator.clipboard) navigator.clipboard.writeText(x.dataset.copy).then(function () { toast({text: say('copied'), level: 'ok', seconds: 3}); });
  if (t.closest('[data-print]')) window.print();
  if ((x = t.closest('[data-fill]'))) fill(x);
  if (t.closest('[data-back]')) history.back();
  if ((x = t.closest('[data-date-open]'))) { var text = d.getElementById(x.dataset.dateOpen), n = $('[data-date-native="' + x.dataset.dateOpen + '"]'); if (n) { n.value = /^\d{4}-\d\d-\d\d$/.test(text.value) ? text.value : ''; if (n.showPicker) n.showPicker(); else n.focus(); } }
  if ((x = t.closest('[data-password-toggle]'))) { var p = d.getElementById(x.dataset.passwordToggle), shown = p.type === 'text'; p.type = shown ? 'password' : 'text'; x.setAttribute('aria-pressed', String(!shown)); }
  if ((x = t.closest('[data-retry]'))) retry(x.closest('[data-failed]'));
  if ((x = t.closest('[data-rows] tbody tr')) && !t.closest('a,button,input,label,summary,select')) makeCurrent(x);
  $$('details.dd[open]').forEach(function (m) { if (!m.contains(t)) m.open = false; });
});
d.addEventListener('toggle', function (e) { if (e.target.matches && e.target.matches('details.dd') && e.target.open) { var f = $('[data-filter]', e.target); if (f) f.focus(); } }, true);

/* --- keys --- */
var goKey = 0;
function typing(el) { return !!(el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(checkbox|radio|button|submit)$/.test(el.type))); }
function press(action) { var t = table(), row = current(t), el = (row && $('[data-action="' + action + '"]', row)) || $('[data-action="' + action + '"]'); if (el && !el.disabled) { el.click(); return true; } return false; }
d.addEventListener('keydown', function (e) {
  if (e.isComposing || e.keyCode === 229) return;
  if ((e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey && e.key.toLowerCase() === 'k') { e.preventDefault(); openPalette(); return; }
  if (e.key === 'Escape') {
    var m = $('details.dd[open]'); if (m) { m.open = false; $('summary', m).focus(); }
    if (root.dataset.drawer === 'open') drawer(false);
    return;
  }
  if (root.dataset.shortcuts === 'off' || e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return;
  var asks = $('dialog[open]');
  if (asks) { var pick = /^[1-9]$/.test(e.key) && $('[data-digit="' + e.key + '"]', asks); if (pick) { e.preventDefault(); pick.click(); } return; }
  if (goKey) {
    var at = goKey; goKey = 0;
    var go = Date.now() - at < 1500 && $('[data-go="' + (window.CSS ? CSS.escape(e.key.toLowerCase()) : e.key) + '"]');
    if (go) { e.preventDefault(); go.click(); return; }
  }
  switch (e.key) {
    case '/': e.preventDefault(); openPalette(); break;
    case 'j': move(1); break;
    case 'k': move(-1); break;
    case 'Enter':
      if (/^(A|BUTTON|SUMMARY)$/.test(e.target.tagName)) return;
      var row = current(table()), a = row && ($('a[data-open]', row) || $('a[href]', row)); if (a) { e.preventDefault(); a.click(); } break;
    case 'x': tick(current(table())); break;
    case 'e': press('complete'); break;
    case 'q': if (press('quick')) e.preventDefault(); break;
    case 'm': if (press('macro')) e.preventDefault(); break;
    case 'n': if (press('new')) e.preventDefault(); break;
    case '[': press('previous'); break;
    case ']': press('next'); break;
    case 'g': goKey = Date.now(); break;
    case '?': openDialog($('#shortcuts')); break;
  }
});

/* --- htmx: errors stay in their block, input is never lost --- */
var failed = {}, failNo = 0;
function ref(xhr) { return (xhr && xhr.getResponseHeader && xhr.getResponseHeader('X-Request-ID')) || ''; }
function failure(e, key) {
  var x = e.detail, xhr = x.xhr, status = xhr ? xhr.status : 0, block = x.target && x.target.closest ? x.target.closest('[data-block]') : null;
  var cfg = x.requestConfig || {}, what = say(status === 403 ? 'forbidden' : status === 404 ? 'gone' : status === 429 ? 'too_many' : key);
  if (x.elt && x.elt.closest && x.elt.closest('[data-poll]')) return;  /* the next poll is the retry */
  if (block && (cfg.verb || 'get') === 'get') {
    var tpl = $('#tpl-block-error'); if (!tpl) return;
    var n = ++failNo; failed[n] = {path: cfg.path, elt: x.elt, target: x.target};
    var box = tpl.content.firstElementChild.cloneNode(true); box.dataset.failed = n;
    $('[data-what]', box).textContent = (block.dataset.block ? block.dataset.block + ' \u00b7 ' : '') + what;
    $('[data-ref]', box).textContent = [ref(xhr) && say('ref', {ref: ref(xhr)}), hms(now())].filter(Boolean).join(' \u00b7 ');
    var copy = $('[data-copy]', box); if (ref(xhr)) copy.dataset.copy = ref(xhr); else copy.remove();
    if (status === 403 || status === 404) $('[data-retry]', box).remove();
    block.setAttribute('aria-busy', 'false'); block.replaceChildren(box);
  } else toast({level: 'danger', text: what + (ref(xhr) ? ' \u00b7 ' + say('ref', {ref: ref(xhr)}) : '')});
}
function retry(box) {
  var f = box && failed[box.dataset.failed]; if (!f) return;
  var block = box.closest('[data-block]'); block.setAttribute('aria-busy', 'true');
  window.htmx.ajax('GET', f.path, {target: block, swap: 'innerHTML', source: block});
}
d.addEventListener('htmx:configRequest', function (e) { if (e.detail.verb !== 'get') e.detail.headers['X-CSRFToken'] = meta('csrf-token'); });
d.addEventListener('htmx:beforeRequest', function (e) {
  if (d.hidden && e.detail.elt.closest('[data-poll]')) e.preventDefault();
  var f = e.detail.elt.closest && e.detail.elt.closest('form[data-guard]'); if (f && e.detail.requestConfig.verb !== 'get') delete f.dataset.dirty;
});
d.addEventListener('htmx:beforeSwap', function (e) {
  var x = e.detail, login = meta('login-url');
  /* A session that ran out answers with the sign-in page: never swap that into a panel. */
  if (login && x.xhr.responseURL && new URL(x.xhr.responseURL).pathname === login && location.pathname !== login) { x.shouldSwap = false; location.reload(); return; }
  if (x.xhr.status === 409) {
    var form = x.requestConfig.elt && x.requestConfig.elt.closest('form');
    if (form) {
      var slot = $('[data-conflict]', form);
      if (!slot) { slot = d.createElement('div'); slot.dataset.conflict = ''; slot.setAttribute('role', 'alert'); form.prepend(slot); }
      x.target = slot; x.swapOverride = 'innerHTML'; x.shouldSwap = true; x.isError = false; form.dataset.dirty = '1';
    } else { x.shouldSwap = false; x.isError = false; toast({level: 'warn', text: say('conflict')}); }
  }
});
d.addEventListener('htmx:responseError', function (e) { failure(e, 'failed'); });
d.addEventListener('htmx:sendError', function (e) { failure(e, 'offline'); });
d.addEventListener('htmx:timeout', function (e) { failure(e, 'slow'); });
d.addEventListener('htmx:afterSwap', function (e) {
  var t = e.detail.target;
  if (t.id === 'dialog-host') openDialog($('dialog', t));
  if (t.id === 'palette-found') settle();
  if (t.closest) { var b = t.closest('[data-block]'); if (b) b.setAttribute('aria-busy', 'false'); }
  if (e.detail.xhr && e.detail.xhr.status === 422) { var bad = $('[data-error-summary], [aria-invalid=true]', t.isConnected ? t : d); if (bad) bad.focus(); }
});
d.addEventListener('htmx:afterSettle', function () { $$('[data-rows]').forEach(countTicks); ticks(); charts(); });
d.body.addEventListener('toast', function (e) { toast(e.detail); });
d.body.addEventListener('dialog-close', closeDialogs);

/* --- charts: the library is fetched only by pages that draw one --- */
var asked = false;
function charts() {
  var boxes = $$('[data-chart]'); if (!boxes.length) return;
  if (window.anxinCharts) { window.anxinCharts.draw(); return; }
  if (asked) return; asked = true;
  var lib = meta('asset-echarts');
  if (!lib) return tables();
  load(lib, function () { load(meta('asset-charts'), function () { window.anxinCharts.draw(); }); });
}
function load(src, then) { var s = d.createElement('script'); s.src = src; s.onload = then; s.onerror = tables; d.head.appendChild(s); }
/* Without the library the table behind every chart is the chart. */
function tables() { $$('[data-chart]').forEach(function (c) { (c.closest('.chartbox') || c).hidden = true; var t = (c.closest('.card') || d).querySelector('details.data'); if (t) t.open = true; }); }

markTheme(); ticks(); charts(); $$('[data-rows]').forEach(countTicks);
var wrong = $('[data-error-summary]') || $('main form[method=post] [aria-invalid=true]'); if (wrong) wrong.focus();
$$('dialog[data-open-now]').forEach(openDialog);
})();
