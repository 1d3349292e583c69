/* Charts from data the server sends: <div class="chart" data-chart="bar" data-source="json-script-id">.
   The specification is documented in kernel/web/README.md; colours are token names, so both themes come for free. */
(function () {
'use strict';
var d = document, root = d.documentElement;
function css(n) { return getComputedStyle(root).getPropertyValue('--' + n).trim() || n; }
var SERIES = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'];
function number(v, spec) {
  if (v === null || v === undefined) return '\u2014';
  var s = Math.abs(v).toLocaleString('en-US', {minimumFractionDigits: spec.digits || 0, maximumFractionDigits: spec.digits === undefined ? 2 : spec.digits});
  return (v < 0 ? '\u2212' : '') + s + (spec.unit || '');
}
function axis(x) {
  return Object.assign({axisLine: {lineStyle: {color: css('line-2')}}, axisTick: {show: false}, axisLabel: {color: css('text-3'), fontSize: 12}, splitLine: {lineStyle: {color: css('line')}}, nameTextStyle: {color: css('text-3'), fontSize: 12}}, x);
}
function text(x) { return Object.assign({color: css('text-2'), fontSize: 12}, x); }
function legend(spec) { return spec.series.length < 2 ? undefined : {top: 0, right: 0, icon: 'roundRect', itemWidth: 9, itemHeight: 9, textStyle: text()}; }
function target(spec, horizontal) {
  if (!spec.target) return undefined;
  var at = {}; at[horizontal ? 'xAxis' : 'yAxis'] = spec.target.value;
  return {silent: true, symbol: 'none', data: [at], lineStyle: {color: css('danger'), type: 'dashed'}, label: {formatter: spec.target.text, position: 'insideEndTop', color: css('danger-t'), fontSize: 12}};
}
function colour(s, i, n) { return css(s.color || (s.past ? 'c6' : n === 1 ? 'c1' : SERIES[i % 8])); }
function cartesian(spec, kind) {
  var flat = spec.horizontal, n = spec.series.length, stacked = kind === 'stack';
  var cat = axis({type: 'category', data: spec.categories, inverse: !!flat, boundaryGap: kind !== 'line', axisLabel: text({hideOverlap: true, interval: spec.all_labels ? 0 : 'auto'})});
  var val = axis({type: 'value', min: spec.min, max: stacked && spec.percent ? 100 : spec.max, axisLine: {show: false}, axisLabel: {color: css('text-3'), fontSize: 12, formatter: function (v) { return number(v, spec); }}});
  return {
    grid: {left: 8, right: flat && (spec.labels || spec.series.some(function (s) { return s.labels; })) ? 56 : 16, top: n > 1 ? 32 : 16, bottom: 8, containLabel: true}, legend: legend(spec), tooltip: {trigger: 'axis', valueFormatter: function (v) { return number(v, spec); }},
    xAxis: flat ? val : cat, yAxis: flat ? cat : val,
    series: spec.series.map(function (s, i) {
      var c = colour(s, i, n), line = kind === 'line' || s.line;
      return {name: s.name, type: line ? 'line' : 'bar', stack: stacked ? 'all' : undefined, data: s.data, barMaxWidth: 28, symbolSize: 5, connectNulls: false, yAxisIndex: 0,
        lineStyle: {width: s.past || s.dashed ? 1.5 : 2.25, color: c, type: s.dashed ? 'dashed' : 'solid'}, itemStyle: {color: c, borderColor: stacked ? css('surface') : undefined, borderWidth: stacked ? 1 : 0, borderRadius: line || stacked ? 0 : flat ? [0, 3, 3, 0] : [3, 3, 0, 0]},
        areaStyle: s.area ? {opacity: .14, color: c} : undefined, markLine: i === 0 ? target(spec, flat) : undefined,
        label: {show: !!(s.labels || spec.labels), position: stacked ? 'inside' : flat ? 'right' : 'top', color: stacked ? css('text') : css('text-2'), fontSize: 12, formatter: function (p) { return number(p.value, spec); }}};
    })
  };
}
var MAKE = {
  line: function (s) { return cartesian(s, 'line'); },
  bar: function (s) { return cartesian(s, 'bar'); },
  stack: function (s) { return cartesian(s, 'stack'); },
  pareto: function (s) {
    var sum = s.series[0].data.reduce(function (a, b) { return a + b; }, 0), run = 0, o = cartesian(s, 'bar');
    o.yAxis = [o.yAxis, axis({type: 'value', max: 100, splitLine: {show: false}, axisLine: {show: false}, axisLabel: {color: css('text-3'), fontSize: 12, formatter: '{value}%'}})];
    o.series.push({name: s.cumulative || '%', type: 'line', yAxisIndex: 1, symbolSize: 5, data: s.series[0].data.map(function (v) { run += v; return sum ? +(run / sum * 100).toFixed(1) : 0; }), lineStyle: {color: css('c3'), width: 2}, itemStyle: {color: css('c3')}});
    return o;
  },
  radar: function (s) {
    return {legend: legend(s), tooltip: {}, radar: {center: ['50%', '55%'], radius: '64%', splitNumber: 4, indicator: s.categories.map(function (n) { return {name: n, min: s.min || 0, max: s.max || 100}; }), axisName: text(), splitLine: {lineStyle: {color: css('line')}}, splitArea: {show: false}, axisLine: {lineStyle: {color: css('line')}}},
      series: [{type: 'radar', symbolSize: 4, data: s.series.map(function (x, i) { var c = colour(x, i, s.series.length); return {name: x.name, value: x.data, lineStyle: {color: c, width: x.past || x.dashed ? 1.5 : 2, type: x.dashed || x.past ? 'dashed' : 'solid'}, itemStyle: {color: c}, areaStyle: i === 0 ? {opacity: .16, color: c} : undefined}; })}]};
  },
  /* A cumulative curve over shares: bands with their letters, points with their words, the diagonal of equal shares. */
  curve: function (s) {
    var c = css(s.color || 'c1'), share = function (x) { return axis(Object.assign({type: 'value', axisLabel: {color: css('text-3'), fontSize: 12, formatter: '{value}%', hideOverlap: true}}, x)); }, mark = target(s);
    if (mark) mark.label.position = 'insideStartTop';
    return {
      grid: {left: 8, right: 24, top: 16, bottom: s.x ? 26 : 8, containLabel: true}, tooltip: {trigger: 'axis', valueFormatter: function (v) { return number(v, s); }},
      xAxis: share({min: 0, max: 100, name: s.x, nameLocation: 'middle', nameGap: 26, splitLine: {show: false}}), yAxis: share({axisLine: {show: false}}),
      series: [{name: s.name, type: 'line', showSymbol: false, data: s.data, lineStyle: {width: 2.25, color: c}, itemStyle: {color: c}, areaStyle: s.bands ? undefined : {opacity: .14, color: c}, markLine: mark,
        markArea: s.bands && {silent: true, label: {position: 'insideBottom', color: css('text-2'), fontSize: 13, fontWeight: 600}, data: s.bands.map(function (b) { return [{name: b.text, xAxis: b.from, itemStyle: {color: css(b.color), opacity: .12}}, {xAxis: b.to}]; })},
        markPoint: s.points && {silent: true, symbol: 'circle', symbolSize: 10, itemStyle: {color: css('surface'), borderColor: c, borderWidth: 2.5}, label: text({color: css('text'), position: 'right', distance: 8, formatter: '{b}'}), data: s.points.map(function (p) { return {name: p.text, coord: [p.x, p.y], label: {position: p.x > 50 ? 'left' : 'right'}}; })}}
      ].concat(s.even ? [{type: 'line', silent: true, showSymbol: false, data: [[0, 0], [100, 100]], tooltip: {show: false}, lineStyle: {width: 1, type: 'dashed', color: css('line-input')}}] : [])
    };
  },
  scatter: function (s) {
    return {grid: {left: 8, right: 16, top: s.select ? 54 : 32, bottom: s.x ? 26 : 8, containLabel: true}, legend: legend(s), tooltip: {trigger: 'item'}, xAxis: axis({type: 'value', name: s.x, nameLocation: 'middle', nameGap: 26, min: s.min, max: s.max}), yAxis: axis({type: 'value', name: s.y, min: s.min, max: s.max}),
      series: s.series.map(function (x, i) { var o = {name: x.name, type: 'scatter', symbolSize: 7, cursor: s.open ? 'pointer' : 'default', data: x.data, itemStyle: {color: colour(x, i, s.series.length), opacity: .7}}; if (i === 0 && s.cross) o.markLine = {silent: true, symbol: 'none', lineStyle: {color: css('line-input'), type: 'dashed'}, label: {show: false}, data: [{xAxis: s.cross[0]}, {yAxis: s.cross[1]}]}; if (i === 0 && s.corners) o.markPoint = {silent: true, symbolSize: 0, label: text({show: true, color: css('text'), fontWeight: 600, formatter: '{b}', backgroundColor: css('surface'), borderColor: css('line-2'), borderWidth: 1, borderRadius: 4, padding: [4, 6]}), data: s.corners.map(function (c) { return {name: c.text, coord: [c.x, c.y]}; })}; return o; })};
  },
  sankey: function (s) {
    /* The dot tells a class before from the same class after; nobody needs to read it. */
    function shown(name) { return name.replace(/^\u00b7 | \u00b7$/g, ''); }
    return {tooltip: {trigger: 'item', formatter: function (p) { return (p.dataType === 'edge' ? shown(p.data.source) + ' \u2192 ' + shown(p.data.target) : shown(p.name)) + '  ' + number(p.value, {digits: 0}); }}, series: [{type: 'sankey', left: 8, right: Math.min(220, 24 + 13 * Math.max.apply(null, s.nodes.map(function (n) { return shown(n).replace(/[\x00-\xff]{2}/g, 'm').length; }))), top: 12, bottom: 12, nodeGap: 10, nodeWidth: 12, emphasis: {focus: 'adjacency'}, data: s.nodes.map(function (n, i) { return {name: n, itemStyle: {color: css(SERIES[i % 8])}}; }), links: s.links, lineStyle: {color: 'source', opacity: .28}, label: text({color: css('text'), formatter: function (p) { return shown(p.name); }})}]};
  },
  heatmap: function (s) {
    /* On the dark half of the scale the figure turns light: in the dark theme the strong colours are the light ones. */
    var strong = css('on-strong') === 'on-strong' ? '#fff' : css('on-strong'), half = s.min + (s.max - s.min) * .55;
    return {grid: {left: 12, right: 8, top: 8, bottom: 48, containLabel: true}, tooltip: {formatter: function (p) { return s.rows[p.value[1]].replace('\n', ' ') + ' \u00b7 ' + s.categories[p.value[0]].replace('\n', ' ') + '\n' + number(p.value[2], s); }},
      xAxis: axis({type: 'category', data: s.categories, axisLabel: text({interval: 0, width: 54, overflow: 'break', lineHeight: 14})}), yAxis: axis({type: 'category', inverse: !!s.downwards, data: s.rows, axisLabel: text({interval: 0, lineHeight: 14})}),
      visualMap: {min: s.min, max: s.max, orient: 'horizontal', left: 'center', bottom: 0, itemHeight: 90, itemWidth: 10, text: [number(s.max, s), number(s.min, s)], textStyle: text(), inRange: {color: [css('surface-3'), css('c7'), css('c1')]}},
      series: [{type: 'heatmap', cursor: s.urls ? 'pointer' : 'default', data: s.data.map(function (v, i) { return {value: v, url: s.urls ? s.urls[i] : '', label: {color: v[2] >= half ? strong : css('text')}}; }), label: {show: true, fontSize: 12, formatter: function (p) { return number(p.value[2], s); }}, itemStyle: {borderColor: css('surface'), borderWidth: 2}}]};
  },
  graph: function (s) {
    var SHAPES = {person: 'circle', company: 'rect', referral: 'diamond', group: 'roundRect'};
    /* Two or three dots would stand at the ends of the whole width. */
    var few = {2: '34%', 3: '22%'}[s.nodes.length];
    return {tooltip: {}, series: [{type: 'graph', layout: 'none', roam: false, left: few || 56, right: few || 52, top: 22, bottom: 46, preserveAspect: 'contain', preserveAspectAlign: 'center', lineStyle: {color: css('line-input'), width: 1.25, opacity: .75},
      data: s.nodes.map(function (n) { return {id: n.id, name: n.id, url: n.url || '', cursor: n.url ? 'pointer' : 'default', x: n.x, y: n.y, symbolSize: n.size || 30, symbol: SHAPES[n.kind] || 'circle', itemStyle: {color: css(n.color || 'c2'), borderColor: css('surface'), borderWidth: 2}, label: {show: true, position: 'bottom', distance: 5, color: css('text'), fontSize: 12, lineHeight: 15, formatter: n.name + (n.note ? '\n{s|' + n.note + '}' : ''), rich: {s: {color: css('text-3'), fontSize: 12}}}}; }),
      links: s.links.map(function (l) { return {source: l.source, target: l.target, lineStyle: {type: l.dashed ? 'dashed' : 'solid', color: l.color ? css(l.color) : css('line-input')}}; })}]};
  }
};
/* Dots inside a drawn frame become the hidden list of a form; without the frame, the table below leads to the same. */
function pick(spec, event) {
  var form = d.getElementById(spec.select), refs = [];
  event.batch[0].selected.forEach(function (part) { part.dataIndex.forEach(function (i) { refs.push(spec.series[part.seriesIndex].data[i][2]); }); });
  form.hidden = !refs.length; form.elements.refs.value = refs.join(',');
  var says = form.querySelector('[data-picked]'); says.textContent = refs.length + ' ' + says.dataset.words;
}
/* Bars lying on their side need a line each, or their names are left out. */
function grow(el, spec) {
  if (!spec.horizontal || !spec.all_labels) return;
  var want = spec.categories.length * (spec.series.length > 1 ? 26 : 20) + 56;
  if (want > el.parentElement.clientHeight) el.parentElement.style.height = want + 'px';
}
function draw() {
  [].forEach.call(d.querySelectorAll('[data-chart]'), function (el) {
    var make = MAKE[el.dataset.chart], source = d.getElementById(el.dataset.source);
    if (!make || !source) return;
    var was = window.echarts.getInstanceByDom(el), theme = root.dataset.theme + root.lang + source.textContent;
    if (was && el._drawn === theme) return;
    if (was) was.dispose();
    grow(el, JSON.parse(source.textContent));
    var c = window.echarts.init(el, null, {renderer: 'svg'}), o = make(JSON.parse(source.textContent));
    o.animation = false; o.aria = {enabled: true}; o.color = o.color || SERIES.map(css);
    o.textStyle = Object.assign({fontFamily: css('font'), fontSize: 12, color: css('text-2')}, o.textStyle);
    /* richText: an HTML tooltip needs style attributes, which the CSP refuses. */
    o.tooltip = Object.assign({renderMode: 'richText', backgroundColor: css('surface'), borderColor: css('line-2'), textStyle: {color: css('text'), fontSize: 12}, confine: true}, o.tooltip);
    var spec = JSON.parse(source.textContent);
    if (spec.select && d.getElementById(spec.select)) { o.brush = {toolbox: ['rect', 'polygon', 'clear'], xAxisIndex: 0, yAxisIndex: 0, throttleType: 'debounce', throttleDelay: 200}; o.toolbox = {right: 12, top: 16, iconStyle: {borderColor: css('text-3')}}; }
    c.setOption(o); el._drawn = theme;
    if (spec.open) c.on('click', function (p) { if (p.value && p.value[2]) location.href = spec.open + p.value[2] + '/'; });
    if (o.brush) c.on('brushselected', pick.bind(null, spec));
    /* A node that is somebody's page opens it. */
    c.on('click', function (p) { if (p.data && p.data.url) window.location.assign(p.data.url); });
    if (!el._watch && window.ResizeObserver) { el._watch = new ResizeObserver(function () { var i = window.echarts.getInstanceByDom(el); if (i) i.resize(); }); el._watch.observe(el); }
  });
}
d.addEventListener('anxin:theme', draw);
window.anxinCharts = {draw: draw};
})();
