/*
 * The viewer of a map: one canvas, no library, no request.
 *
 * Everything in the data block is text from somebody's log. It reaches the page through textContent
 * and fillText only, so that a name can never be markup. Positions come with the data; nothing here
 * draws on a clock or on random numbers to place anything.
 *
 * World coordinates are those of the layout; screen = world * view.k + (view.x, view.y).
 */
(function () {
"use strict";

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("map-data").textContent);
const nodes = data.nodes;
const links = data.links;
const words = data.words;
const count = nodes.name.length;
const personal = data.kind === "personal";
const grouped = data.kind === "groups";
const me = personal ? nodes.me : -1;
const advice = data.suggestions;

const stage = byId("stage");
const canvas = byId("map");
const over = byId("over");
const context = canvas.getContext("2d");
const overContext = over.getContext("2d");

const FONT = getComputedStyle(document.body).fontFamily;
const MOST_FOUND = 8;
const ROWS = 500; // rows of a table before "show more"
const MOST_ADVICE = 30; // suggestions drawn while nobody is selected
const HEAVY = 2600; // from here on a picture is moved while panning and repainted on stop

/* ---------- small helpers ---------- */

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function mix(first, second, share) {
  const part = (at) => Math.round(
    parseInt(first.slice(at, at + 2), 16) * (1 - share) + parseInt(second.slice(at, at + 2), 16) * share);
  return "rgb(" + part(1) + "," + part(3) + "," + part(5) + ")";
}

function luminance(colour) {
  const part = (at) => Math.pow(parseInt(colour.slice(at, at + 2), 16) / 255, 2.2);
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

function inkOn(colour) { // black or white, whichever is easier to read
  return luminance(colour) > 0.19 ? "#10141d" : "#ffffff";
}

function grouping(number) { // 1234567 -> 1,234,567 in every locale
  const parts = String(number).split(".");
  parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ",");
  return parts.join(".");
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
  "September", "October", "November", "December"];

function dateText(day) {
  const date = new Date(day * 86400000);
  return date.getUTCDate() + " " + MONTHS[date.getUTCMonth()] + " " + date.getUTCFullYear();
}

function short(text, most) { // by code points, so that no emoji is cut in half
  const chars = Array.from(text);
  return chars.length <= most ? text : chars.slice(0, most - 1).join("").trimEnd() + "…";
}

function fold(text) { // without case and accents
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

function fieldText(field, row) {
  if (field.codes) return field.codes[row] < 0 ? "" : field.words[field.codes[row]];
  if (field.texts) return field.texts[row] || "";
  const value = field.days ? field.days[row] : field.numbers[row];
  if (value === null || value === undefined) return "";
  return field.days ? dateText(value) : grouping(value);
}

/* ---------- state ---------- */

const state = {
  theme: window.matchMedia && matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  chosenTheme: false,
  selected: -1,
  hover: -1,
  hidden: new Set(), // groups
  suggestions: true,
  fading: false,
  view: 0, // which of data.views
  turned: false, // x and y changed places, for a tall screen
  stretch: [1, 1], // positions, not dots, are drawn out until the map fills the screen
  version: 0, // grows whenever what is drawn changes, so that cached labels expire
  touched: false, // the reader has moved the map: a resize keeps the place instead of fitting
};
const view = { k: 1, x: 0, y: 0 };
let width = 1, height = 1, ratio = 1, base = 1;

const X = new Float64Array(count);
const Y = new Float64Array(count);
const R = Float64Array.from(nodes.radius, (value) => value / 10);
const G = Int16Array.from(nodes.group);
const inView = new Uint8Array(count);
const shown = new Uint8Array(count);
const largest = R.reduce((most, value) => Math.max(most, value), 1);
const bySize = Array.from(R.keys()).sort((a, b) => (personal ? 0 : R[b] - R[a]) || a - b);
const fadingTouched = Uint8Array.from(nodes.fading);
for (let at = 0; at < links.a.length; at++) {
  if (links.fading[at]) fadingTouched[links.a[at]] = fadingTouched[links.b[at]] = 1;
}
let drawn = []; // links that are drawn
let batches = []; // the same, by style
let hulls = []; // outline of each group, world coordinates
let middles = []; // middle of each group
let grid = null;
let theme = data.themes[state.theme];

/* Links of each node, as one list with offsets. */
const adjacency = (function () {
  const start = new Int32Array(count + 1);
  for (const ends of [links.a, links.b]) for (const end of ends) start[end + 1]++;
  for (let at = 0; at < count; at++) start[at + 1] += start[at];
  const next = start.slice();
  const list = new Int32Array(2 * links.a.length);
  for (let at = 0; at < links.a.length; at++) {
    list[next[links.a[at]]++] = at;
    list[next[links.b[at]]++] = at;
  }
  return { start: start, list: list };
})();

function linksOf(node) {
  return Array.from(adjacency.list.subarray(adjacency.start[node], adjacency.start[node + 1]));
}
const otherEnd = (link, node) => (links.a[link] === node ? links.b[link] : links.a[link]);
const bareName = (node) => nodes.name[node];
/* Namesakes carry their id in lists; a drawing has room for the name alone. */
const namesakes = new Set(nodes.namesakes);
const idField = nodes.fields.find((field) => field.texts);
const fullName = (node) => bareName(node) + (namesakes.has(node) && idField ? " (" + idField.texts[node] + ")" : "");
const isTarget = (node) => personal && node > nodes.contacts;

/* ---------- where everything is ---------- */

function placeNodes() {
  const source = data.views[state.view];
  const [first, second] = state.turned ? [source.y, source.x] : [source.x, source.y];
  inView.fill(personal ? 0 : 1);
  const seen = personal ? 1 + source.contacts : count;
  const rim = state.turned && data.kind === "whole" ? rimShift(source) : null;
  for (let at = 0; at < source.x.length; at++) {
    const node = at < seen ? at : at - seen + 1 + nodes.contacts;
    X[node] = first[at] / 10 * state.stretch[0];
    Y[node] = second[at] / 10 * state.stretch[1];
    if (rim && !linkCount(node)) {
      X[node] = (source.x[at] / 10 + rim[0]) * state.stretch[0];
      Y[node] = source.y[at] / 10 - rim[1] + rim[2] * state.stretch[1];
    }
    inView[node] = 1;
  }
}

/* People without ties stay in rows below a turned map: how far these rows have to move. */
function rimShift(source) {
  const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
  for (let node = 0; node < count; node++) {
    const place = [source.x[node] / 10, source.y[node] / 10];
    if (!linkCount(node)) continue;
    for (const axis of [0, 1]) {
      low[axis] = Math.min(low[axis], place[axis]);
      high[axis] = Math.max(high[axis], place[axis]);
    }
  }
  if (high[0] < low[0]) return null;
  return [(low[1] + high[1]) / 2 - (low[0] + high[0]) / 2, high[1], high[0]];
}

function worldBox() {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const take = (x, y, room) => {
    box.left = Math.min(box.left, x - room);
    box.right = Math.max(box.right, x + room);
    box.top = Math.min(box.top, y - room);
    box.bottom = Math.max(box.bottom, y + room);
  };
  for (let node = 0; node < count; node++) if (inView[node]) take(X[node], Y[node], R[node]);
  const sectors = data.views[state.view].sectors || [];
  for (const sector of sectors) {
    for (const angle of [0, 1, 2, 3]) {
      const [x, y] = onRing(angle * Math.PI / 2, sector[4]);
      take(x, y, 0);
    }
  }
  return box.left <= box.right ? box : { left: -100, top: -100, right: 100, bottom: 100 }; // nobody to show
}

function onRing(angle, radius) { // the ring of sectors.py
  const x = 1.2 * radius * Math.sin(angle), y = -0.92 * radius * Math.cos(angle);
  const place = state.turned ? [y, x] : [x, y];
  return [place[0] * state.stretch[0], place[1] * state.stretch[1]];
}

function margins() { // at the sides, above and below
  const small = width < 600;
  if (personal) return small ? [60, 36, 76] : [112, 44, 44];
  if (grouped) return small ? [44, 40, 84] : [90, 52, 52];
  return small ? [18, 36, 76] : [48, 50, 44];
}

function fitScale(box) {
  const [across, above, below] = margins();
  const most = personal ? 1.4 : grouped ? 1.6 : 2.6;
  return Math.min((width - 2 * across) / Math.max(box.right - box.left, 1),
    (height - above - below) / Math.max(box.bottom - box.top, 1), most);
}

function fitted() {
  const box = worldBox();
  const k = Math.max(fitScale(box), 1e-4), [, above, below] = margins();
  return {
    k: k,
    x: width / 2 - k * (box.left + box.right) / 2,
    y: (height + above - below) / 2 - k * (box.top + box.bottom) / 2,
  };
}

/*
 * A tall screen shows a wide map turned by exchanging x and y; then the shorter side is drawn out
 * until the map fills the screen. Texts stay upright and dots stay round.
 */
function orient() {
  state.stretch = [1, 1];
  const scales = [false, true].map((turned) => {
    state.turned = turned;
    placeNodes();
    return fitScale(worldBox());
  });
  state.turned = scales[1] > scales[0] * 1.08;
  placeNodes();
  const box = worldBox(), [across, above, below] = margins();
  const wide = Math.max(width - 2 * across, 50) / Math.max(box.right - box.left, 1);
  const high = Math.max(height - above - below, 50) / Math.max(box.bottom - box.top, 1);
  state.stretch = [clamp(wide / high, 1, 1.35), clamp(high / wide, 1, 1.6)];
  placeNodes();
}

/* Dots keep their size in the layout up to the whole map, and grow slowly beyond. */
const largestScale = () => Math.min(base, 1.5);
const dotScale = (k) => (k <= largestScale() ? k : largestScale() * Math.pow(k / largestScale(), k <= base ? 0 : 0.55));
const dotRadius = (node, k) => Math.max(R[node] * dotScale(k), count > 5000 ? 1.1 : 2);

function buildGrid() {
  const box = worldBox();
  const span = Math.max(box.right - box.left, box.bottom - box.top, 1);
  const cell = span / clamp(Math.ceil(Math.sqrt(count)), 1, 400);
  const across = Math.floor((box.right - box.left) / cell) + 1;
  const down = Math.floor((box.bottom - box.top) / cell) + 1;
  const start = new Int32Array(across * down + 1);
  const cellOf = (node) => Math.floor((Y[node] - box.top) / cell) * across + Math.floor((X[node] - box.left) / cell);
  for (let node = 0; node < count; node++) if (shown[node]) start[cellOf(node) + 1]++;
  for (let at = 0; at < start.length - 1; at++) start[at + 1] += start[at];
  const next = start.slice();
  const list = new Int32Array(start[start.length - 1]);
  for (let node = 0; node < count; node++) if (shown[node]) list[next[cellOf(node)]++] = node;
  grid = { box: box, cell: cell, across: across, down: down, start: start, list: list };
}

function eachIn(left, top, right, bottom, visit) { // shown nodes with their middle in a world box
  const place = (value, most) => clamp(Math.floor(value / grid.cell), 0, most - 1);
  const low = place(left - grid.box.left, grid.across), high = place(right - grid.box.left, grid.across);
  const up = place(top - grid.box.top, grid.down), deep = place(bottom - grid.box.top, grid.down);
  for (let row = up; row <= deep; row++) {
    const from = grid.start[row * grid.across + low], to = grid.start[row * grid.across + high + 1];
    for (let at = from; at < to; at++) {
      const node = grid.list[at];
      if (X[node] >= left && X[node] <= right && Y[node] >= top && Y[node] <= bottom) visit(node);
    }
  }
}

function nodeAt(x, y, slop) {
  const wx = (x - view.x) / view.k, wy = (y - view.y) / view.k;
  const reach = (largest * dotScale(view.k) + slop) / view.k;
  let best = -1, nearest = Infinity;
  eachIn(wx - reach, wy - reach, wx + reach, wy + reach, (node) => {
    const away = Math.hypot(X[node] - wx, Y[node] - wy) * view.k - dotRadius(node, view.k);
    if (away <= slop && away < nearest) { nearest = away; best = node; }
  });
  return best;
}

/* ---------- what is shown, and in which style ---------- */

function refresh() {
  for (let node = 0; node < count; node++) {
    shown[node] = inView[node] && !state.hidden.has(G[node]) && (!state.fading || fadingTouched[node] || node === me) &&
      (!isTarget(node) || state.suggestions) ? 1 : 0;
  }
  drawn = [];
  for (let at = 0; at < links.a.length && drawn.length < links.drawn; at++) {
    if (shown[links.a[at]] && shown[links.b[at]] && (!state.fading || links.fading[at])) drawn.push(at);
  }
  buildGrid();
  buildMiddles();
  hulls = personal || grouped ? [] : groupHulls();
  restyle();
  sayHidden();
}

function restyle() { // selection or theme changed
  state.version++;
  batches = grouped ? [] : linkBatches();
  store.valid = false;
  draw();
}

const heavy = () => drawn.length + count / 2 > HEAVY;

function colourOf(group) {
  if (group < 0) return theme.ink;
  const rank = data.groups.colour[group];
  return rank < 0 ? theme.other : theme.palette[rank];
}

/* What belongs to the selected node: 2 the node itself, 1 a contact or suggestion, 0 the rest. */
function near() {
  if (state.selected < 0 || personal) return null; // on a personal map all belong to me
  const level = new Uint8Array(count);
  for (const link of linksOf(state.selected)) level[otherEnd(link, state.selected)] = 1;
  for (const row of shownAdvice()) for (const end of adviceNodes(row)) level[end] = 1;
  level[state.selected] = 2;
  return level;
}

function linkBatches() {
  const found = new Map();
  const add = (link, key, style) => {
    if (!found.has(key)) found.set(key, Object.assign({ links: [] }, style));
    found.get(key).links.push(link);
  };
  const chosen = state.selected;
  const quiet = chosen >= 0 && !personal;
  for (const link of drawn) {
    if (chosen >= 0 && (links.a[link] === chosen || links.b[link] === chosen)) continue;
    if (quiet) add(link, "quiet", { colour: mix(theme.background, theme.line, drawn.length > 3000 ? 0.3 : 0.7), width: 0.5, order: 0 });
    else add(link, ...linkStyle(link));
  }
  if (chosen >= 0) for (const link of linksOf(chosen)) if (shown[otherEnd(link, chosen)]) add(link, ...linkStyle(link, true));
  return Array.from(found.values()).sort((a, b) => a.order - b.order || a.width - b.width);
}

function linkStyle(link, strong) {
  const many = drawn.length > 1400;
  const step = Math.min(3, Math.floor(links.width[link] / 25));
  const group = personal ? G[links.b[link]] : G[links.a[link]];
  const inside = personal || G[links.a[link]] === G[links.b[link]];
  const late = links.fading[link];
  const crowd = personal && drawn.length > 80;
  const size = (crowd ? [0.7, 1.2, 1.9, 2.8] : personal ? [1.2, 2.4, 3.8, 5.4] : many ? [0.5, 0.8, 1.3, 2.1] : [0.8, 1.4, 2.3, 3.6])[step];
  const share = strong ? 0.85 : crowd ? 0.4 : personal ? 0.55 : many ? 0.3 : 0.5;
  const colour = late ? theme.faint : inside ? mix(theme.background, colourOf(group), share) : mix(theme.background, theme.tie, strong ? 1 : many ? 0.4 : 0.7);
  const order = (late ? 0 : inside ? 2 : 1) + (strong ? 10 : 0);
  const thin = late ? 0.8 : size;
  return [[strong ? 1 : 0, late, inside ? group : "x", step].join(" "), { colour: colour, width: thin, order: order }];
}

function shownAdvice() {
  if (!advice || !state.suggestions || state.fading) return [];
  const rows = [];
  for (let row = 0; row < advice.target.length; row++) {
    if (shown[advice.target[row]] && shown[advice.person[row]]) rows.push(row);
  }
  const chosen = state.selected;
  if (chosen >= 0 && !personal) {
    return rows.filter((row) => adviceNodes(row).includes(chosen) && advice.via[row] !== chosen);
  }
  rows.sort((a, b) => (advice.rank[a] || 0) - (advice.rank[b] || 0) || a - b);
  return personal ? rows : rows.slice(0, MOST_ADVICE);
}

/* On a personal map the dashed line leaves from the person through whom; elsewhere from the person. */
function adviceNodes(row) {
  const via = advice.via[row];
  return [personal && via >= 0 && shown[via] ? via : advice.person[row], advice.target[row]];
}

/* ---------- group outlines ---------- */

function buildMiddles() {
  const sums = data.groups.name.map(() => [0, 0, 0]);
  for (let node = 0; node < count; node++) {
    if (!shown[node] || G[node] < 0) continue;
    const sum = sums[G[node]];
    sum[0] += X[node]; sum[1] += Y[node]; sum[2]++;
  }
  middles = sums.map((sum) => (sum[2] ? [sum[0] / sum[2], sum[1] / sum[2]] : [0, 0]));
}

function groupHulls() {
  const members = data.groups.name.map(() => []);
  for (let node = 0; node < count; node++) {
    if (shown[node] && linkCount(node)) members[G[node]].push(node);
  }
  const outlines = members.map((list, group) => ({ group: group, points: list.length > 2 && isPlace(group) ? hull(list) : [], size: list.length }));
  return outlines.filter((outline) => outline.points.length > 2).sort((a, b) => b.size - a.size);
}

const linkCount = (node) => adjacency.start[node + 1] - adjacency.start[node];
/* Leftover groups are not in one place: an outline around them would cover the map. */
const isPlace = (group) => !data.groups.scattered.includes(group);

function hull(list) { // Andrew's monotone chain
  const points = list.map((node) => [X[node], Y[node]]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turn = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (sorted) => {
    const chain = [];
    for (const point of sorted) {
      while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) chain.pop();
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return half(points).concat(half(points.reverse()));
}

/* ---------- painting ---------- */

/* paint(c, v, size) draws everything onto a context c of size [w, h] with the view v. */
function paint(c, v, size) {
  c.fillStyle = theme.background;
  c.fillRect(0, 0, size[0], size[1]);
  c.lineJoin = c.lineCap = "round";
  const box = { left: -v.x / v.k, top: -v.y / v.k, right: (size[0] - v.x) / v.k, bottom: (size[1] - v.y) / v.k };
  const level = near();
  if (personal) paintSectors(c, v);
  else paintHulls(c, v);
  if (grouped) paintRibbons(c, v, level);
  else for (const batch of batches) paintLinks(c, v, batch, box);
  paintAdvice(c, v);
  paintNodes(c, v, level, box);
  paintTexts(c, v, level, size);
}

function paintHulls(c, v) {
  const room = 2 * (largest + 7) * Math.min(v.k, dotScale(v.k) * 1.6);
  for (const outline of hulls) {
    c.beginPath();
    for (const [x, y] of outline.points) c.lineTo(x * v.k + v.x, y * v.k + v.y);
    c.closePath();
    c.fillStyle = c.strokeStyle = mix(theme.background, colourOf(outline.group), state.theme === "dark" ? 0.17 : 0.08);
    c.lineWidth = room;
    c.stroke();
    c.fill();
  }
}

function paintSectors(c, v) {
  const source = data.views[state.view];
  for (const [group, low, high, inner, outer] of source.sectors) {
    if (state.hidden.has(group)) continue;
    ringPath(c, v, [low, high], [inner, outer]);
    c.fillStyle = mix(theme.background, colourOf(group), state.theme === "dark" ? 0.15 : 0.07);
    c.fill();
  }
  for (const ring of source.rings) {
    ringPath(c, v, [0, 2 * Math.PI], [ring.inner, ring.inner]);
    c.setLineDash([2, 5]);
    c.lineWidth = 1.2;
    c.strokeStyle = theme.tie;
    c.stroke();
    c.setLineDash([]);
  }
}

function ringPath(c, v, angles, radii) {
  const steps = Math.max(8, Math.ceil((angles[1] - angles[0]) * 24));
  c.beginPath();
  const walk = (from, to, radius) => {
    for (let at = 0; at <= steps; at++) {
      const [x, y] = onRing(from + (to - from) * at / steps, radius);
      c.lineTo(x * v.k + v.x, y * v.k + v.y);
    }
  };
  walk(angles[0], angles[1], radii[1]);
  if (radii[0] !== radii[1]) walk(angles[1], angles[0], radii[0]);
  c.closePath();
}

function paintLinks(c, v, batch, box) {
  const straight = personal || drawn.length > 6000;
  c.beginPath();
  for (const link of batch.links) {
    const a = links.a[link], b = links.b[link];
    if ((X[a] < box.left && X[b] < box.left) || (X[a] > box.right && X[b] > box.right) ||
      (Y[a] < box.top && Y[b] < box.top) || (Y[a] > box.bottom && Y[b] > box.bottom)) continue;
    c.moveTo(X[a] * v.k + v.x, Y[a] * v.k + v.y);
    if (straight || G[a] === G[b]) c.lineTo(X[b] * v.k + v.x, Y[b] * v.k + v.y);
    else bend(c, v, a, b);
  }
  c.strokeStyle = batch.colour;
  c.lineWidth = batch.width * Math.pow(Math.max(v.k / base, 1), 0.4);
  c.stroke();
}

/* Ties between two groups lean towards the line between the middles: that bundles them. */
function bend(c, v, a, b) {
  const from = middles[G[a]], to = middles[G[b]];
  const x = 0.12 * (X[a] + X[b]) + 0.38 * (from[0] + to[0]);
  const y = 0.12 * (Y[a] + Y[b]) + 0.38 * (from[1] + to[1]);
  c.quadraticCurveTo(x * v.k + v.x, y * v.k + v.y, X[b] * v.k + v.x, Y[b] * v.k + v.y);
}

function paintRibbons(c, v, level) {
  const scale = dotScale(v.k);
  const chosen = state.selected;
  const own = (link) => chosen >= 0 && (links.a[link] === chosen || links.b[link] === chosen);
  const order = drawn.slice().reverse().sort((first, second) => own(first) - own(second));
  for (const link of order) {
    const a = links.a[link], b = links.b[link], strong = own(link);
    c.beginPath();
    c.moveTo(X[a] * v.k + v.x, Y[a] * v.k + v.y);
    c.quadraticCurveTo(...ribbonKnee(a, b, v), X[b] * v.k + v.x, Y[b] * v.k + v.y);
    c.lineCap = "butt";
    c.lineWidth = Math.max(links.width[link] / 10 * scale, 1);
    c.strokeStyle = chosen < 0 ? mix(theme.background, theme.tie, 0.42) : strong ? mix(theme.background, colourOf(G[chosen]), 0.6) : mix(theme.background, theme.line, 0.6);
    c.globalAlpha = 0.8;
    c.stroke();
    c.globalAlpha = 1;
  }
}

function ribbonKnee(a, b, v) { // ribbons bend towards the middle of the ring
  const box = grid.box;
  const share = count > 2 ? 0.55 : 1;
  const x = share * (X[a] + X[b]) / 2 + (1 - share) * (box.left + box.right) / 2;
  const y = share * (Y[a] + Y[b]) / 2 + (1 - share) * (box.top + box.bottom) / 2;
  return [x * v.k + v.x, y * v.k + v.y];
}

function paintAdvice(c, v) {
  const rows = shownAdvice();
  if (!rows.length) return;
  c.beginPath();
  for (const row of rows) {
    const [from, to] = adviceNodes(row);
    c.moveTo(X[from] * v.k + v.x, Y[from] * v.k + v.y);
    if (personal || G[from] === G[to]) c.lineTo(X[to] * v.k + v.x, Y[to] * v.k + v.y);
    else bend(c, v, from, to);
  }
  c.setLineDash([6, 5]);
  c.strokeStyle = theme.suggestion;
  c.lineWidth = 1.8;
  c.stroke();
  c.setLineDash([]);
}

function paintNodes(c, v, level, box) {
  const room = largest * 1.5;
  const found = new Map();
  for (let node = 0; node < count; node++) {
    if (!shown[node] || node === me || isTarget(node)) continue;
    if (X[node] < box.left - room || X[node] > box.right + room || Y[node] < box.top - room || Y[node] > box.bottom + room) continue;
    const quiet = level && level[node] === 0;
    const key = quiet ? "quiet " + nodes.fading[node] : G[node] + " " + nodes.fading[node];
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(node);
  }
  const keys = Array.from(found.keys()).sort((a, b) => b.startsWith("quiet") - a.startsWith("quiet"));
  for (const key of keys) paintDots(c, v, found.get(key), key.startsWith("quiet"));
  for (let node = nodes.contacts + 1; personal && node < count; node++) if (shown[node]) paintTarget(c, v, node);
  if (me >= 0 && shown[me]) paintMe(c, v);
  if (state.selected >= 0 && shown[state.selected]) paintHalo(c, v, state.selected);
}

function paintDots(c, v, list, quiet) {
  const colour = quiet ? theme.faint : colourOf(G[list[0]]);
  const hollow = nodes.fading[list[0]];
  const tiny = count > 5000 && dotRadius(list[0], v.k) < 1.6;
  c.beginPath();
  for (const node of list) {
    const x = X[node] * v.k + v.x, y = Y[node] * v.k + v.y, r = dotRadius(node, v.k) - (hollow ? 0.8 : 0);
    if (tiny) { c.rect(x - r, y - r, 2 * r, 2 * r); continue; }
    c.moveTo(x + r, y);
    c.arc(x, y, r, 0, 2 * Math.PI);
  }
  if (!tiny && !hollow) {
    c.strokeStyle = theme.background;
    c.lineWidth = 2;
    c.stroke();
  }
  c.fillStyle = hollow ? mix(theme.background, typeof colour === "string" ? colour : theme.faint, 0.1) : colour;
  c.fill();
  if (hollow && !tiny) {
    c.strokeStyle = colour;
    c.lineWidth = 1.7;
    c.stroke();
  }
}

function paintMe(c, v) {
  const x = X[me] * v.k + v.x, y = Y[me] * v.k + v.y, r = dotRadius(me, v.k);
  c.beginPath();
  c.arc(x, y, r + 3.5, 0, 2 * Math.PI);
  c.fillStyle = theme.background;
  c.fill();
  c.strokeStyle = theme.ink;
  c.lineWidth = 2;
  c.stroke();
  c.beginPath();
  c.arc(x, y, r, 0, 2 * Math.PI);
  c.fillStyle = theme.ink;
  c.fill();
}

function paintTarget(c, v, node) { // somebody I could meet: a dashed circle with the rank in it
  const x = X[node] * v.k + v.x, y = Y[node] * v.k + v.y, r = Math.max(dotRadius(node, v.k), 10);
  c.beginPath();
  c.arc(x, y, r, 0, 2 * Math.PI);
  c.fillStyle = theme.background;
  c.fill();
  c.setLineDash([3.5, 2.5]);
  c.strokeStyle = theme.suggestion;
  c.lineWidth = 1.8;
  c.stroke();
  c.setLineDash([]);
  const row = advice.target.indexOf(node);
  if (row < 0 || advice.rank[row] === null) return;
  c.font = "600 11px " + FONT;
  c.textAlign = "center";
  c.textBaseline = "middle";
  c.fillStyle = theme.suggestion;
  c.fillText(String(advice.rank[row]), x, y + 0.5);
}

function paintHalo(c, v, node) {
  const x = X[node] * v.k + v.x, y = Y[node] * v.k + v.y;
  c.beginPath();
  c.arc(x, y, (isTarget(node) ? Math.max(dotRadius(node, v.k), 10) : dotRadius(node, v.k)) + (node === me ? 8 : 4), 0, 2 * Math.PI);
  c.strokeStyle = theme.accent;
  c.lineWidth = 2.5;
  c.stroke();
}

/* ---------- texts on the map ---------- */

/* Boxes already taken, in buckets, so that a new one is compared with its neighbours only. */
function makeBoxes() {
  const buckets = new Map();
  const cells = (box) => {
    const keys = [];
    for (let column = Math.floor(box[0] / 96); column <= Math.floor(box[2] / 96); column++) {
      for (let row = Math.floor(box[1] / 48); row <= Math.floor(box[3] / 48); row++) keys.push(column + " " + row);
    }
    return keys;
  };
  return {
    add(box) {
      for (const key of cells(box)) {
        if (!buckets.has(key)) buckets.set(key, []);
        buckets.get(key).push(box);
      }
    },
    hits(box) {
      return cells(box).some((key) => (buckets.get(key) || []).some((other) =>
        box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]));
    },
  };
}

let labels = { key: "", list: [] };
const widths = new Map();

function textWidth(c, font, text) {
  const key = font + text;
  if (!widths.has(key)) {
    c.font = font;
    widths.set(key, c.measureText(text).width);
  }
  return widths.get(key);
}

function paintTexts(c, v, level, size) {
  const key = heavy() ? "" : v.k + " " + state.version + " " + size[0] + " " + size[1];
  if (!key || labels.key !== key) labels = { key: key, list: placeTexts(c, v, level, size) };
  for (const label of labels.list) {
    const x = label.x * v.k + v.x + label.dx, y = label.y * v.k + v.y + label.dy;
    c.font = label.font;
    c.textAlign = label.align;
    c.textBaseline = "middle";
    if (label.halo) {
      c.lineWidth = 3.5;
      c.strokeStyle = label.halo;
      c.strokeText(label.text, x, y);
    }
    c.fillStyle = label.colour;
    c.fillText(label.text, x, y);
  }
}

function placeTexts(c, v, level, size) {
  const boxes = makeBoxes();
  const list = [];
  const pad = [(size[0] - width) / 2, (size[1] - height) / 2]; // of the stored picture
  const bounds = [pad[0], pad[1], pad[0] + width, pad[1] + height];
  const room = { c: c, v: v, size: size, bounds: bounds, boxes: boxes, list: list };
  if (me >= 0 && shown[me]) placeLabel(room, me, { bold: true, must: true });
  if (state.selected >= 0 && shown[state.selected] && !grouped) placeLabel(room, state.selected, { bold: true, must: true });
  if (personal) placeRingNames(room);
  if (grouped) placeGroupLabels(room, level);
  else {
    placeGroupNames(room, level);
    if (!personal) placeRimName(room);
    placeLabels(room, level);
  }
  return list;
}

function put(room, box, label) {
  room.boxes.add(box);
  room.list.push(Object.assign({ halo: theme.background, align: "center" }, label));
}

/* How much a text in this box would cover: people count by their size, the edge counts much. */
function covering(room, box, but) {
  const v = room.v, reach = dotScale(v.k) * largest;
  let cost = 0;
  eachIn((box[0] - reach - v.x) / v.k, (box[1] - reach - v.y) / v.k, (box[2] + reach - v.x) / v.k, (box[3] + reach - v.y) / v.k, (node) => {
    if (node === but) return;
    const r = isTarget(node) ? 10 : dotRadius(node, v.k);
    const x = X[node] * v.k + v.x, y = Y[node] * v.k + v.y;
    if (x + r > box[0] && x - r < box[2] && y + r > box[1] && y - r < box[3]) cost += r >= 6 ? 2 : r >= 4 ? 1 : 0.35;
  });
  return cost + (cut(room.bounds, box) ? 6 : 0);
}

/* Whether the edge of the window runs through a box. */
function cut(bounds, box) {
  const out = box[2] < bounds[0] || box[0] > bounds[2] || box[3] < bounds[1] || box[1] > bounds[3];
  return !out && (box[0] < bounds[0] + 2 || box[1] < bounds[1] + 2 || box[2] > bounds[2] - 2 || box[3] > bounds[3] - 2);
}

/* The eight places around a dot; on a personal map the outward side comes first. */
function around(node, r) {
  const gap = r + 4;
  const sides = { right: [gap, 0, "left"], left: [-gap, 0, "right"], below: [0, gap + 7, "center"], above: [0, -gap - 7, "center"] };
  const slant = [[gap * 0.75, -gap * 0.75 - 3, "left"], [gap * 0.75, gap * 0.75 + 3, "left"], [-gap * 0.75, -gap * 0.75 - 3, "right"], [-gap * 0.75, gap * 0.75 + 3, "right"]];
  let order = ["right", "left", "below", "above"];
  if (node === me) order = ["below", "above", "right", "left"];
  else if (personal) {
    const flat = Math.abs(X[node]) > Math.abs(Y[node]) * 0.35;
    const side = X[node] < 0 ? "left" : "right", end = Y[node] < 0 ? "above" : "below";
    order = flat ? [side, end] : [end, side];
    order = order.concat(["right", "left", "above", "below"].filter((name) => !order.includes(name)));
  }
  return order.map((name) => sides[name]).concat(slant);
}

function placeLabel(room, node, options) {
  const v = room.v;
  const font = (options.bold ? "600 12.5px " : "12px ") + FONT;
  const text = short(bareName(node), personal ? 20 : 26);
  const wide = textWidth(room.c, font, text);
  const x = X[node] * v.k + v.x, y = Y[node] * v.k + v.y;
  const r = isTarget(node) ? 11 : dotRadius(node, v.k) + (node === me ? 6 : 0);
  let best = null;
  for (const [dx, dy, align] of around(node, r)) {
    const left = x + dx - (align === "left" ? 0 : align === "right" ? wide : wide / 2);
    const box = [left - 2, y + dy - 8, left + wide + 2, y + dy + 8];
    if (room.boxes.hits(box) && !(options.must && !best)) continue;
    const cost = covering(room, box, node) + (room.boxes.hits(box) ? 20 : 0);
    if (!best || cost < best.cost - 0.01) best = { cost: cost, box: box, dx: dx, dy: dy, align: align };
    if (cost === 0) break;
  }
  if (!best || (!options.must && best.cost > options.most)) return false;
  put(room, best.box, { x: X[node], y: Y[node], dx: best.dx, dy: best.dy, align: best.align, font: font, text: text, colour: options.colour || theme.ink });
  return true;
}

/* Who gets a name: contacts of the selected one, then the largest, as long as there is room. */
function placeLabels(room, level) {
  const v = room.v;
  if (personal) for (let node = nodes.contacts + 1; node < count; node++) if (shown[node] && node !== state.selected) placeLabel(room, node, { most: 2, colour: theme.suggestion });
  const small = count <= 60 || personal;
  const area = room.size[0] * room.size[1];
  let left = small ? count : Math.round(area / 15000 * Math.pow(Math.max(v.k / base, 1), 1.7)) + 6;
  let tries = 700, named = 0;
  for (const node of bySize) {
    if (left <= 0 || tries <= 0) break;
    if (!shown[node] || node === me || node === state.selected || isTarget(node) || !nodes.named) continue;
    if (level && level[node] === 0) continue;
    const x = X[node] * v.k + v.x, y = Y[node] * v.k + v.y;
    if (heavy() && (x < 0 || y < 0 || x > room.size[0] || y > room.size[1])) continue;
    const first = !small && !level && named < 16; // the best connected have a name at every scale
    if (!small && !level && !first && dotRadius(node, v.k) < 5) continue;
    tries--;
    const unseen = personal && nodes.fading[node];
    const most = personal ? 1.5 : level ? 2.5 : first ? 2.6 : 1.2;
    if (placeLabel(room, node, { most: most, bold: first && heavy(), colour: unseen ? theme.muted : theme.ink })) { left--; named++; }
  }
}

function placeRingNames(room) {
  const v = room.v;
  const font = "italic 12px " + FONT;
  for (const ring of data.views[state.view].rings) {
    const [x, y] = onRing(0, (ring.inner + ring.outer) / 2);
    const wide = textWidth(room.c, font, ring.label);
    const sx = x * v.k + v.x, sy = y * v.k + v.y;
    const box = [sx - wide / 2 - 3, sy - 9, sx + wide / 2 + 3, sy + 9];
    put(room, box, { x: x, y: y, dx: 0, dy: 0, font: font, text: ring.label, colour: theme.muted });
  }
}

/* People without ties stand in rows below the map: say so there. */
function placeRimName(room) {
  const v = room.v, font = "italic 12px " + FONT, text = "no tie seen";
  let left = Infinity, right = -Infinity, bottom = -Infinity;
  for (let node = 0; node < count; node++) {
    if (!shown[node] || linkCount(node)) continue;
    left = Math.min(left, X[node]); right = Math.max(right, X[node]); bottom = Math.max(bottom, Y[node]);
  }
  if (right < left) return;
  const x = (left + right) / 2, y = bottom, wide = textWidth(room.c, font, text), dy = largest * dotScale(v.k) + 16;
  const sx = x * v.k + v.x, sy = y * v.k + v.y + dy;
  put(room, [sx - wide / 2, sy - 8, sx + wide / 2, sy + 8], { x: x, y: y, dx: 0, dy: dy, font: font, text: text, colour: theme.muted });
}

function nameColour(group) {
  return mix(theme.ink, colourOf(group), data.groups.colour[group] < 0 ? 0.35 : 0.6);
}

function placeGroupNames(room, level) {
  const font = "700 15px " + FONT;
  const spots = personal ? sectorSpots : hullSpots;
  const outlines = personal ? data.views[state.view].sectors.map((sector) => ({ group: sector[0], sector: sector })) : hulls;
  for (const outline of outlines) {
    if (state.hidden.has(outline.group)) continue;
    const text = short(data.groups.name[outline.group], 28);
    const wide = textWidth(room.c, font, text);
    let best = null;
    for (const [x, y, dx, dy, extra] of spots(outline, room, wide)) {
      const sx = x * room.v.k + room.v.x + dx, sy = y * room.v.k + room.v.y + dy;
      const [mx, my] = inward(room, sx, sy, wide / 2 + 6);
      const box = [sx + mx - wide / 2 - 4, sy + my - 11, sx + mx + wide / 2 + 4, sy + my + 11];
      const cost = covering(room, box, -1) + extra + (room.boxes.hits(box) ? 12 : 0);
      if (!best || cost < best.cost - 0.01) best = { cost: cost, box: box, x: x, y: y, dx: dx + mx, dy: dy + my };
      if (cost === 0) break;
    }
    if (!best || best.cost > (level || outlines.length > 8 ? 7 : 20)) continue;
    const colour = level && !personal ? mix(theme.background, theme.muted, 0.75) : nameColour(outline.group);
    put(room, best.box, { x: best.x, y: best.y, dx: best.dx, dy: best.dy, font: font, text: text, colour: colour });
  }
}

/* How far a text must move to be whole, if its place is in sight at all. */
function inward(room, x, y, half) {
  const [left, top, right, bottom] = room.bounds;
  if (right - left < 2 * half) return [0, 0];
  const mx = clamp(x, left + half, right - half) - x, my = clamp(y, top + 14, bottom - 14) - y;
  return Math.abs(mx) > half + 40 || Math.abs(my) > 30 ? [0, 0] : [mx, my];
}

/* Places for the name of a group: along the top of its outline, then below and beside it. */
function hullSpots(outline, room, wide) {
  const edge = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y] of outline.points) {
    edge.left = Math.min(edge.left, x); edge.right = Math.max(edge.right, x);
    edge.top = Math.min(edge.top, y); edge.bottom = Math.max(edge.bottom, y);
  }
  const k = room.v.k, pad = (largest + 7) * Math.min(k, dotScale(k) * 1.6);
  const middle = (edge.left + edge.right) / 2, centre = (edge.top + edge.bottom) / 2, span = edge.right - edge.left;
  const spots = [];
  for (const away of [12, 0, 24]) {
    for (const share of [0, -0.25, 0.25, -0.42, 0.42]) {
      spots.push([middle + share * span, edge.top, 0, -pad - away, Math.abs(share) + away / 40]);
      spots.push([middle + share * span, edge.bottom, 0, pad + away, Math.abs(share) + away / 40 + 0.3]);
    }
  }
  for (const share of [0, -0.25, 0.25]) {
    const y = centre + share * (edge.bottom - edge.top);
    spots.push([edge.left, y, -pad - 6 - wide / 2, 0, 3 + Math.abs(share)], [edge.right, y, pad + 6 + wide / 2, 0, 3 + Math.abs(share)]);
  }
  return spots.sort((a, b) => a[4] - b[4]);
}

/* Places for the name of a sector: outside its rim, from the middle of its angle outwards. */
function sectorSpots(outline, room, wide) {
  const [, low, high, , outer] = outline.sector;
  const spots = [];
  for (const away of [16, 30, 44, 2, -14]) {
    for (const share of [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9]) {
      const [x, y] = onRing(low + (high - low) * share, outer);
      const length = Math.hypot(x, y) || 1;
      const lean = Math.abs(x) / length;
      spots.push([x, y, Math.sign(x) * lean * (away + wide / 2), y / length * away, Math.abs(share - 0.5) + Math.abs(away - 16) / 30]);
    }
  }
  return spots.sort((a, b) => a[4] - b[4]);
}

/* Names of groups stand in their circles where they fit, else outside; values on the wide ribbons. */
function placeGroupLabels(room, level) {
  const v = room.v, font = "600 13px " + FONT, small = "12px " + FONT;
  for (const node of bySize) {
    if (!shown[node]) continue;
    const text = short(bareName(node), 24), wide = textWidth(room.c, font, text);
    const x = X[node] * v.k + v.x, y = Y[node] * v.k + v.y, r = dotRadius(node, v.k);
    const size = grouping(data.groups.size[node]);
    const quiet = level && level[node] === 0, ink = quiet ? theme.ink : inkOn(colourOf(G[node]));
    if (wide < 1.86 * r - 8 && r > 18) {
      put(room, [x - wide / 2, y - 16, x + wide / 2, y + 16], { x: X[node], y: Y[node], dx: 0, dy: -8, font: font, text: text, colour: ink, halo: "" });
      room.list.push({ x: X[node], y: Y[node], dx: 0, dy: 9, font: small, text: size, colour: ink, align: "center", halo: "" });
      continue;
    }
    if (r > 13) room.list.push({ x: X[node], y: Y[node], dx: 0, dy: 0, font: small, text: size, colour: ink, align: "center", halo: "" });
    const best = outsideSpot(room, node, wide);
    put(room, best.box, { x: X[node], y: Y[node], dx: best.dx, dy: best.dy, font: font, text: text, colour: quiet ? theme.muted : theme.ink });
  }
  placeRibbonValues(room);
}

function outsideSpot(room, node, wide) {
  const x = X[node] * room.v.k + room.v.x, y = Y[node] * room.v.k + room.v.y, r = dotRadius(node, room.v.k);
  const out = y < (room.bounds[1] + room.bounds[3]) / 2 ? -1 : 1;
  const spots = [[0, out * (r + 12)], [r + 8 + wide / 2, 0], [-r - 8 - wide / 2, 0], [0, -out * (r + 12)]];
  let best = null;
  for (const [dx, dy] of spots) {
    const [mx] = inward(room, x + dx, y + dy, wide / 2 + 4);
    const middle = x + dx + (dx ? 0 : mx);
    const box = [middle - wide / 2, y + dy - 9, middle + wide / 2, y + dy + 9];
    const cost = covering(room, box, node) + (room.boxes.hits(box) ? 4 : 0);
    if (!best || cost < best.cost) best = { cost: cost, box: box, dx: middle - x, dy: dy };
  }
  return best;
}

function placeRibbonValues(room) {
  const v = room.v, font = "12px " + FONT, chosen = state.selected;
  const wanted = chosen >= 0 ? drawn : drawn.slice(0, 12); // the widest come first
  for (const link of wanted) {
    const a = links.a[link], b = links.b[link];
    if (chosen >= 0 && a !== chosen && b !== chosen) continue;
    const [kx, ky] = ribbonKnee(a, b, v);
    const x = (X[a] * v.k + v.x) / 4 + kx / 2 + (X[b] * v.k + v.x) / 4, y = (Y[a] * v.k + v.y) / 4 + ky / 2 + (Y[b] * v.k + v.y) / 4;
    const text = fieldText(links.fields[0], link), wide = textWidth(room.c, font, text);
    const box = [x - wide / 2 - 2, y - 8, x + wide / 2 + 2, y + 8];
    if (room.boxes.hits(box) || covering(room, box, -1) > 0) continue;
    put(room, box, { x: (x - v.x) / v.k, y: (y - v.y) / v.k, dx: 0, dy: 0, font: font, text: text, colour: theme.ink });
  }
}

/* ---------- frames ---------- */

/* Of a heavy map a picture with a border is kept: it is moved while the reader drags. */
const store = { canvas: document.createElement("canvas"), valid: false, view: null, pad: 0 };
let moving = false, settle = 0, asked = false;

function draw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; drawNow(); });
}

function drawNow() {
  if (heavy()) {
    if (!(moving && store.valid)) fillStore();
    showStore();
  } else {
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(context, view, [width, height]);
  }
  drawOver();
}

function fillStore() {
  store.pad = Math.round(0.3 * Math.max(width, height));
  if ((width + 2 * store.pad) * (height + 2 * store.pad) * ratio * ratio > 3e7) store.pad = 0;
  store.canvas.width = Math.round((width + 2 * store.pad) * ratio);
  store.canvas.height = Math.round((height + 2 * store.pad) * ratio);
  const c = store.canvas.getContext("2d");
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  store.view = { k: view.k, x: view.x + store.pad, y: view.y + store.pad };
  paint(c, store.view, [width + 2 * store.pad, height + 2 * store.pad]);
  store.valid = true;
}

function showStore() {
  const grow = view.k / store.view.k;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(grow, 0, 0, grow, (view.x - store.view.x * grow) * ratio, (view.y - store.view.y * grow) * ratio);
  context.drawImage(store.canvas, 0, 0);
}

function moved() {
  state.touched = true;
  moving = true;
  clearTimeout(settle);
  settle = setTimeout(() => { moving = false; draw(); }, 130);
  keepNear();
  draw();
}

function keepNear() { // the map cannot be lost outside the window
  const box = grid.box;
  const room = Math.min(width, height) * 0.25;
  view.x = clamp(view.x, room - box.right * view.k, width - room - box.left * view.k);
  view.y = clamp(view.y, room - box.bottom * view.k, height - room - box.top * view.k);
}

function drawOver() {
  overContext.setTransform(ratio, 0, 0, ratio, 0, 0);
  overContext.clearRect(0, 0, width, height);
  const node = state.hover;
  if (node < 0 || !shown[node]) return;
  const x = X[node] * view.k + view.x, y = Y[node] * view.k + view.y, r = isTarget(node) ? 10 : dotRadius(node, view.k);
  overContext.beginPath();
  overContext.arc(x, y, r + 3, 0, 2 * Math.PI);
  overContext.strokeStyle = theme.ink;
  overContext.lineWidth = 2;
  overContext.stroke();
  tooltip(short(fullName(node), 48), x, y - r - 20);
}

function tooltip(text, x, y) {
  const c = overContext;
  c.font = "600 12.5px " + FONT;
  const wide = c.measureText(text).width + 16;
  const left = clamp(x - wide / 2, 4, Math.max(width - wide - 4, 4)), top = y < 16 ? y + 52 : y;
  c.beginPath();
  c.rect(left, top - 12, wide, 24);
  c.fillStyle = theme.ink;
  c.fill();
  c.fillStyle = theme.background;
  c.textAlign = "left";
  c.textBaseline = "middle";
  c.fillText(text, left + 8, top);
}

function resize() {
  const box = stage.getBoundingClientRect();
  if (printing || !box.width || !box.height) return;
  fill([box.width, box.height], Math.min(window.devicePixelRatio || 1, 3));
}

function fill(size, sharpness) {
  const middle = [(width / 2 - view.x) / view.k, (height / 2 - view.y) / view.k];
  [width, height] = size;
  ratio = sharpness;
  for (const each of [canvas, over]) {
    each.width = Math.round(width * ratio);
    each.height = Math.round(height * ratio);
  }
  const turned = state.turned;
  orient();
  const fit = fitted();
  base = fit.k;
  if (state.touched && turned === state.turned) {
    view.x = width / 2 - middle[0] * view.k;
    view.y = height / 2 - middle[1] * view.k;
  } else Object.assign(view, fit);
  refresh();
  drawNow(); // a canvas that changed its size is empty: do not wait for the next frame
}

/* ---------- moving about ---------- */

const calm = window.matchMedia && matchMedia("(prefers-reduced-motion: reduce)").matches;
let flight = 0;

function flyTo(target) {
  cancelAnimationFrame(flight);
  if (calm || heavy()) { arrive(target); return; }
  const from = Object.assign({}, view), began = performance.now();
  const step = (now) => {
    const share = clamp((now - began) / 260, 0, 1), ease = share * share * (3 - 2 * share);
    if (share === 1) { arrive(target); return; }
    view.k = from.k * Math.pow(target.k / from.k, ease);
    view.x = from.x + (target.x - from.x) * ease;
    view.y = from.y + (target.y - from.y) * ease;
    moved();
    flight = requestAnimationFrame(step);
  };
  flight = requestAnimationFrame(step);
}

function arrive(target) {
  Object.assign(view, target);
  labels.key = ""; // names are placed for the window as it is now
  moved();
}

function zoomAt(factor, x, y) {
  const k = clamp(view.k * factor, base * 0.5, Math.max(base * 40, 4));
  view.x = x - (x - view.x) * k / view.k;
  view.y = y - (y - view.y) * k / view.k;
  view.k = k;
  moved();
}

function showAll() {
  flyTo(fitted());
  state.touched = false;
}

/* Show a node with its contacts, beside the card on a wide screen and above it on a tall one. */
function centreOn(node) {
  const card = byId("card").getBoundingClientRect();
  const phone = width < 600;
  const wide = phone ? width : width - card.width - 14, high = phone ? height - card.height : height;
  if (personal || grouped) { flyTo({ k: view.k, x: wide / 2 - X[node] * view.k, y: high / 2 - Y[node] * view.k }); return; }
  const level = near();
  const box = { left: X[node], right: X[node], top: Y[node], bottom: Y[node] };
  for (let other = 0; other < count; other++) {
    if (!level[other] || !shown[other]) continue;
    box.left = Math.min(box.left, X[other]); box.right = Math.max(box.right, X[other]);
    box.top = Math.min(box.top, Y[other]); box.bottom = Math.max(box.bottom, Y[other]);
  }
  const fit = Math.min((wide - 170) / Math.max(box.right - box.left, 1), (high - 90) / Math.max(box.bottom - box.top, 1));
  const k = clamp(fit, base * 0.9, Math.max(base * 2, Math.min(base * 6, 1)));
  const half = [wide * 0.2 / k, high * 0.25 / k]; // the node itself stays near the middle
  const x = clamp((box.left + box.right) / 2, X[node] - half[0], X[node] + half[0]);
  const y = clamp((box.top + box.bottom) / 2, Y[node] - half[1], Y[node] + half[1]);
  flyTo({ k: k, x: wide / 2 - x * k, y: high / 2 - y * k });
}

function inSight(node) {
  const x = X[node] * view.k + view.x, y = Y[node] * view.k + view.y;
  const card = byId("card").getBoundingClientRect(), at = stage.getBoundingClientRect();
  const behind = x + at.left > card.left - 10 && x + at.left < card.right && y + at.top > card.top && y + at.top < card.bottom;
  return x > 20 && y > 20 && x < width - 20 && y < height - 20 && !behind;
}

const pointers = new Map();
let press = null;

function startPress(event) {
  if (event.button) return;
  cancelAnimationFrame(flight);
  try { canvas.setPointerCapture(event.pointerId); } catch (error) { /* a pointer that is already gone */ }
  pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
  press = { x: event.offsetX, y: event.offsetY, far: pointers.size > 1 };
  closePanel();
}

function movePress(event) {
  const before = pointers.get(event.pointerId);
  if (!before) { hoverAt(event); return; }
  const now = [event.offsetX, event.offsetY];
  if (pointers.size === 2) pinch(event.pointerId, before, now);
  else if (press && (press.far || Math.hypot(now[0] - press.x, now[1] - press.y) > 4)) {
    press.far = true;
    view.x += now[0] - before[0];
    view.y += now[1] - before[1];
    moved();
  } else return;
  pointers.set(event.pointerId, now);
}

function pinch(id, before, now) {
  const other = Array.from(pointers).find(([key]) => key !== id)[1];
  const apart = (point) => Math.max(Math.hypot(point[0] - other[0], point[1] - other[1]), 1);
  press.far = true;
  view.x += (now[0] - before[0]) / 2;
  view.y += (now[1] - before[1]) / 2;
  zoomAt(apart(now) / apart(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
}

function endPress(event) {
  const known = pointers.delete(event.pointerId);
  if (!known || !press || press.far || event.type === "pointercancel") return;
  const node = nodeAt(event.offsetX, event.offsetY, event.pointerType === "mouse" ? 5 : 14);
  if (node >= 0) select(node);
  else unselect();
}

function hoverAt(event) {
  if (event.pointerType !== "mouse") return;
  const node = nodeAt(event.offsetX, event.offsetY, 4);
  if (node === state.hover) return;
  state.hover = node;
  canvas.style.cursor = node >= 0 ? "pointer" : "";
  drawOver();
}

function wheel(event) {
  event.preventDefault();
  const unit = event.deltaMode === 1 ? 30 : event.deltaMode === 2 ? 300 : 1;
  zoomAt(Math.exp(-clamp(event.deltaY * unit, -300, 300) * (event.ctrlKey ? 0.008 : 0.0018)), event.offsetX, event.offsetY);
}

function mapKey(event) {
  const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (steps[event.key]) {
    view.x += steps[event.key][0];
    view.y += steps[event.key][1];
    moved();
  } else if (event.key === "+" || event.key === "=") zoomAt(1.35, width / 2, height / 2);
  else if (event.key === "-" || event.key === "_") zoomAt(1 / 1.35, width / 2, height / 2);
  else if (event.key === "0") showAll();
  else return;
  event.preventDefault();
}

/* ---------- selection and card ---------- */

function select(node, options) {
  const how = options || {};
  state.selected = node;
  let changed = false;
  if (!inView[node]) { setView(data.views.length - 1); changed = true; }
  if (state.hidden.has(G[node])) { state.hidden.delete(G[node]); changed = true; }
  if (state.fading && !fadingTouched[node]) { state.fading = false; changed = true; }
  if (!state.suggestions && isTarget(node)) { state.suggestions = true; changed = true; }
  if (changed) { syncChecks(); refresh(); } else restyle();
  fillCard(node);
  if (!inSight(node) || (how.centre && !personal && !grouped)) centreOn(node);
  if (how.focus) byId("card").querySelector(".close").focus();
  say(bareName(node) + ": details shown");
}

function unselect() {
  if (state.selected < 0) return;
  state.selected = -1;
  const card = byId("card");
  const inside = card.contains(document.activeElement);
  card.hidden = true;
  restyle();
  if (inside) canvas.focus();
}

function swatch(group) {
  const dot = make("span", "swatch");
  dot.style.backgroundColor = colourOf(group);
  return dot;
}

function fillCard(node) {
  const card = byId("card");
  card.replaceChildren();
  const close = make("button", "button close", "×");
  close.type = "button";
  close.setAttribute("aria-label", "Close details");
  close.addEventListener("click", unselect);
  card.append(close, make("h2", "name", bareName(node)));
  if (G[node] >= 0 && !grouped) {
    const line = make("p", "group");
    line.append(swatch(G[node]), make("span", "name", data.groups.name[G[node]]));
    card.append(line);
  }
  card.append(facts(node));
  adviceText(card, node);
  strongest(card, node);
  card.hidden = false;
  card.scrollTop = 0;
}

function facts(node) {
  const list = make("dl");
  const add = (label, text) => { if (text) list.append(make("dt", "", label), make("dd", "", text)); };
  for (const field of nodes.fields) add(field.label, fieldText(field, node));
  if (personal && node > 0 && node <= nodes.contacts) for (const field of links.fields) add(field.label, fieldText(field, node - 1));
  if (isTarget(node)) add("Contact", "none seen in your files");
  return list;
}

function adviceText(card, node) {
  if (!advice) return;
  for (let row = 0; row < advice.target.length; row++) {
    const mine = advice.person[row] === node && !(personal && node === me);
    const named = advice.target[row] === node || (personal && advice.via[row] === node);
    if (!mine && !named) continue;
    const why = make("p", "why");
    const other = mine || advice.target[row] !== node ? advice.target[row] : advice.person[row];
    if (personal && advice.target[row] === node) why.append("Suggested introduction");
    else why.append("Suggested introduction: ", personButton(other));
    const via = advice.via[row];
    if (via >= 0 && via !== node) why.append(", through ", personButton(via));
    const because = fieldText(advice.because, row);
    why.append(because ? ". " : "");
    if (because) why.append(make("span", "name", because));
    card.append(why);
  }
}

function personButton(node) {
  const button = make("button", "name", fullName(node));
  button.type = "button";
  button.addEventListener("click", () => select(node, { focus: true }));
  return button;
}

function strongest(card, node) {
  if (personal && node !== me) return;
  const sorted = linksOf(node).sort((a, b) => links.width[b] - links.width[a] || a - b);
  if (!sorted.length) return;
  card.append(make("h3", "", words.strongest));
  const list = make("ul", "links");
  for (const link of sorted.slice(0, 8)) {
    const other = otherEnd(link, node), button = make("button");
    button.type = "button";
    button.append(swatch(G[other]), make("span", "name", fullName(other)), make("span", "muted", fieldText(links.fields[0], link)));
    button.addEventListener("click", () => select(other, { focus: true }));
    const item = make("li");
    item.append(button);
    list.append(item);
  }
  card.append(list);
  const notes = [];
  if (sorted.length > 8) notes.push("and " + grouping(sorted.length - 8) + " more, in the table view");
  if (links.total > links.a.length) notes.push("weaker ties may be missing from this file");
  if (notes.length) card.append(make("p", "muted", notes.join("; ")));
}

function say(text) { byId("status").textContent = text; }

/* ---------- search ---------- */

let haystack = null;
let found = [];
let active = -1;

function buildHaystack() {
  const searched = nodes.fields.filter((field) => field.words || field.texts);
  haystack = nodes.name.map((name, node) => {
    const more = searched.map((field) => fieldText(field, node));
    if (G[node] >= 0 && !grouped) more.push(data.groups.name[G[node]]);
    return { name: fold(name) + " ", more: fold(more.join(" · ")) };
  });
}

function search(query) {
  if (!haystack) buildHaystack();
  const wanted = fold(query.trimStart()); // a blank at the end ends a word: "ann " is not Anna
  if (!wanted) return [];
  const hits = [];
  for (let node = 0; node < count; node++) {
    const at = haystack[node].name.indexOf(wanted);
    let rank = at === 0 ? 0 : at > 0 && haystack[node].name[at - 1] === " " ? 1 : at > 0 ? 2 : -1;
    if (rank < 0 && haystack[node].more.includes(wanted)) rank = 3;
    if (rank >= 0) hits.push([rank, node]);
  }
  hits.sort((a, b) => a[0] - b[0] || R[b[1]] - R[a[1]] || a[1] - b[1]);
  return hits.map((hit) => hit[1]);
}

function showFound() {
  const input = byId("search"), list = byId("found");
  const all = search(input.value);
  found = all.slice(0, MOST_FOUND);
  active = found.length ? 0 : -1;
  list.replaceChildren(...found.map(foundItem));
  if (input.value.trim() && !found.length) list.append(make("li", "nothing", "Nobody here matches"));
  if (grouped && list.querySelector(".nothing")) list.querySelector(".nothing").textContent = "No group matches";
  openFound(Boolean(input.value.trim()));
  markActive();
  if (input.value.trim()) say(all.length === 1 ? "1 match" : grouping(all.length) + " matches");
}

function foundItem(node, at) {
  const item = make("li");
  item.id = "found-" + at;
  item.setAttribute("role", "option");
  const about = nodes.fields.filter((field) => field.words).slice(0, 2).map((field) => fieldText(field, node));
  if (namesakes.has(node)) about.push(...nodes.fields.filter((field) => field.texts).map((field) => fieldText(field, node)));
  const lines = make("span", "lines");
  lines.append(make("span", "name", bareName(node)), make("span", "muted", about.filter(Boolean).join(", ")));
  item.append(swatch(G[node]), lines);
  item.addEventListener("pointerdown", (event) => event.preventDefault());
  item.addEventListener("click", () => choose(at));
  return item;
}

function markActive() {
  const input = byId("search");
  Array.from(byId("found").children).forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
  if (active >= 0) input.setAttribute("aria-activedescendant", "found-" + active);
  else input.removeAttribute("aria-activedescendant");
}

function openFound(open) {
  byId("found").hidden = !open;
  byId("search").setAttribute("aria-expanded", String(open));
}

function choose(at) {
  const node = found[at];
  if (node === undefined) return;
  byId("search").value = bareName(node);
  openFound(false);
  setTable(false);
  select(node, { centre: true });
}

function searchKey(event) {
  const open = !byId("found").hidden;
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length) {
    if (!open) openFound(true);
    else active = (active + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
    markActive();
    event.preventDefault();
  } else if (event.key === "Enter") {
    if (open && active >= 0) choose(active);
    event.preventDefault();
  } else if (event.key === "Escape" && open) {
    openFound(false);
    event.stopPropagation();
  }
}

/* ---------- panel ---------- */

function check(label, checked, change) {
  const row = make("label", "check"), box = make("input");
  box.type = "checkbox";
  box.checked = checked;
  box.addEventListener("change", () => change(box.checked));
  row.append(box);
  row.append(...label);
  return { row: row, box: box };
}

const checks = { groups: [], switches: [] };

function fillPanel() {
  byId("notes").append(...data.notes.map((note) => make("p", "", note)));
  byId("groups").querySelector("legend").textContent = data.groups.heading;
  data.groups.name.forEach((name, group) => {
    const label = [swatch(group), make("span", "name", name), make("span", "count", grouping(data.groups.size[group]))];
    const row = check(label, true, (on) => toggleGroup(group, on));
    checks.groups.push({ box: row.box, swatch: label[0], group: group });
    byId("groups").append(row.row);
  });
  byId("groups").hidden = !data.groups.name.length;
  if (data.groups.name.length > 6) byId("groups").append(allOrNone());
  fillSwitches();
  for (const row of data.legend) byId("legend").append(legendItem(row));
  byId("search").placeholder = words.search;
  byId("search").setAttribute("aria-label", words.search);
  canvas.setAttribute("aria-label", "Map of " + grouping(count) + " " + words.nodes +
    ". Arrow keys move it, plus and minus zoom, 0 shows all. The table view lists everything.");
}

function allOrNone() {
  const button = make("button", "button more", "Show or hide all");
  button.type = "button";
  button.addEventListener("click", () => {
    const none = state.hidden.size === data.groups.name.length;
    state.hidden = new Set(none || state.hidden.size ? [] : data.groups.name.keys());
    syncChecks();
    refresh();
  });
  return button;
}

function fillSwitches() {
  const add = (label, get, set) => {
    const row = check([make("span", "", label)], get(), (on) => { set(on); refresh(); });
    checks.switches.push({ box: row.box, get: get });
    byId("switches").append(row.row);
    byId("switches").hidden = false;
  };
  if (data.views.length > 1) {
    add(words.all, () => state.view === 1, (on) => { setView(on ? 1 : 0); });
  }
  if (advice && advice.target.length) add(words.suggestions, () => state.suggestions, (on) => { state.suggestions = on; });
  if (links.fading.some(Boolean)) add(words.fading, () => state.fading, (on) => { state.fading = on; });
}

function setView(at) {
  state.view = at;
  orient();
  const fit = fitted();
  base = fit.k;
  Object.assign(view, fit);
  state.touched = false;
}

function toggleGroup(group, on) {
  if (on) state.hidden.delete(group);
  else state.hidden.add(group);
  if (state.selected >= 0 && state.hidden.has(G[state.selected])) unselect();
  refresh();
}

function syncChecks() {
  for (const each of checks.groups) each.box.checked = !state.hidden.has(each.group);
  for (const each of checks.switches) each.box.checked = each.get();
}

/* "A view that hides weak ones says how many." */
function sayHidden() {
  const parts = [];
  const source = data.views[state.view];
  if (personal && source.contacts < nodes.contacts) parts.push(grouping(source.contacts) + " of " + grouping(nodes.contacts) + " contacts shown");
  if (links.total > links.drawn) parts.push(grouping(drawn.length) + " of " + grouping(links.total) + " ties drawn, each person’s strongest first");
  if (advice && !personal && state.suggestions && advice.target.length > MOST_ADVICE) {
    parts.push(MOST_ADVICE + " of " + grouping(advice.target.length) + " suggestions drawn: select a person for theirs");
  }
  byId("marked").textContent = parts.join(" · ");
  byId("marked").hidden = !parts.length;
}

function closePanel() {
  byId("panel").classList.remove("open");
  byId("open-panel").setAttribute("aria-expanded", "false");
}

function togglePanel() {
  const open = byId("panel").classList.toggle("open");
  byId("open-panel").setAttribute("aria-expanded", String(open));
  if (open) byId("panel").querySelector("input, button").focus();
}

/* ---------- legend ---------- */

function legendItem(row) {
  const item = make("li"), icon = make("canvas");
  icon.width = 80;
  icon.height = 40;
  icon.setAttribute("aria-hidden", "true");
  icon.dataset.icon = row.icon;
  item.append(icon, make("span", "", row.text));
  return item;
}

const ICONS = {
  size(c) { disc(c, 9, 10, 3); disc(c, 26, 10, 7); },
  hollow(c) { disc(c, 20, 10, 5.5, true); },
  dashed(c) { c.strokeStyle = theme.suggestion; line(c, 1.8, [6, 5], 10); },
  faint(c) { c.strokeStyle = theme.tie; line(c, 0.9, [], 10); },
  thick(c) { c.strokeStyle = theme.ink; line(c, 1, [], 6); line(c, 3.6, [], 14); },
  ribbon(c) { c.strokeStyle = mix(theme.background, theme.tie, 0.6); line(c, 3, [], 4); line(c, 8, [], 14); },
  near(c) { c.strokeStyle = theme.tie; disc(c, 6, 10, 4); disc(c, 18, 10, 3); disc(c, 33, 10, 3, true); },
  sector(c) { c.beginPath(); c.moveTo(20, 19); c.arc(20, 19, 17, Math.PI * 1.25, Math.PI * 1.75); c.closePath(); c.fillStyle = mix(theme.background, theme.palette[0], 0.35); c.fill(); },
};

function disc(c, x, y, r, hollow) {
  c.beginPath();
  c.arc(x, y, r, 0, 2 * Math.PI);
  c.fillStyle = hollow ? theme.background : theme.muted;
  c.fill();
  c.lineWidth = 1.6;
  c.strokeStyle = theme.muted;
  if (hollow) c.stroke();
}

function line(c, thick, dash, y) {
  c.beginPath();
  c.setLineDash(dash);
  c.lineWidth = thick;
  c.moveTo(3, y);
  c.lineTo(37, y);
  c.stroke();
}

function paintLegend() {
  for (const icon of document.querySelectorAll("#legend canvas")) {
    const c = icon.getContext("2d");
    c.setTransform(2, 0, 0, 2, 0, 0);
    c.clearRect(0, 0, 40, 20);
    if (ICONS[icon.dataset.icon]) ICONS[icon.dataset.icon](c);
  }
  for (const each of checks.groups) each.swatch.style.backgroundColor = colourOf(each.group);
}

/* ---------- tables ---------- */

function setTable(on) {
  const place = byId("table"), button = byId("table-button");
  if (on && !place.childElementCount) fillTables(place);
  place.hidden = !on;
  button.setAttribute("aria-pressed", String(on));
  button.textContent = on ? "Map view" : "Table view";
  if (on) { closePanel(); byId("card").hidden = true; place.focus(); }
  else if (state.selected >= 0) fillCard(state.selected);
}

function fillTables(place) {
  const extra = personal ? links.fields.map((field) => [field.label, (node) => (node > 0 && node <= nodes.contacts ? fieldText(field, node - 1) : ""), isNumber(field)]) : [];
  const columns = nodes.fields.map((field) => [field.label, (node) => fieldText(field, node), isNumber(field)]);
  const group = grouped ? [] : [[data.groups.one, (node) => (G[node] < 0 ? "" : data.groups.name[G[node]]), false]];
  const title = words.nodes[0].toUpperCase() + words.nodes.slice(1);
  place.append(...table(title, count, [["Name", personCell, false]].concat(group, columns, extra)));
  if (!personal && links.a.length) place.append(...linkTable());
  if (advice && advice.target.length) place.append(...adviceTable());
}

const isNumber = (field) => Boolean(field.numbers);

function linkTable() {
  const title = words.links[0].toUpperCase() + words.links.slice(1);
  const columns = [["Between", (link) => personCell(links.a[link]), false], ["and", (link) => personCell(links.b[link]), false]];
  const fields = links.fields.map((field) => [field.label, (link) => fieldText(field, link), isNumber(field)]);
  const missing = links.total - links.a.length;
  return table(title, links.a.length, columns.concat(fields), missing ? grouping(missing) + " weaker ones are not in this file" : "");
}

function adviceTable() {
  return table(words.suggestions, advice.target.length, [
    ["Introduce", (row) => personCell(advice.person[row]), false],
    ["to", (row) => personCell(advice.target[row]), false],
    ["through", (row) => (advice.via[row] < 0 ? "" : personCell(advice.via[row])), false],
    ["because", (row) => fieldText(advice.because, row), false]]);
}

function personCell(node) {
  const button = make("button", "name", fullName(node));
  button.type = "button";
  button.addEventListener("click", () => { setTable(false); select(node, { centre: true, focus: true }); });
  return button;
}

function table(title, rows, columns, note) {
  const element = make("table"), head = make("tr"), body = make("tbody"), top = make("thead");
  element.append(make("caption", "", title + " (" + grouping(rows) + ")" + (note ? ": " + note : "")));
  for (const [label, , number] of columns) {
    const cell = make("th", number ? "number" : "", label);
    cell.scope = "col";
    head.append(cell);
  }
  top.append(head);
  element.append(top, body);
  const more = make("button", "button");
  more.type = "button";
  let next = 0;
  const add = () => {
    const stop = Math.min(next + ROWS, rows);
    for (; next < stop; next++) body.append(tableRow(columns, next));
    more.hidden = next >= rows;
    more.textContent = "Show " + grouping(Math.min(ROWS, rows - next)) + " more of " + grouping(rows - next);
  };
  more.addEventListener("click", add);
  add();
  return [element, more];
}

function tableRow(columns, row) {
  const line = make("tr");
  columns.forEach(([, value, number], at) => {
    const cell = make(at ? "td" : "th", number ? "number" : "");
    if (!at) cell.scope = "row";
    cell.append(value(row)); // append takes a text as text
    if (cell.textContent.length <= 28) cell.classList.add("whole");
    line.append(cell);
  });
  return line;
}

/* ---------- theme, picture, print ---------- */

function setTheme(name) {
  state.theme = name;
  theme = data.themes[name];
  const root = document.documentElement;
  root.style.colorScheme = name;
  root.dataset.theme = name;
  for (const part of ["background", "panel", "ink", "muted", "line", "accent", "suggestion"]) root.style.setProperty("--" + part, theme[part]);
  byId("theme-button").textContent = name === "dark" ? "Light" : "Dark";
  paintLegend();
  if (grid) {
    restyle();
    if (state.selected >= 0 && !byId("card").hidden) fillCard(state.selected);
  }
}

function savePicture() {
  const copy = document.createElement("canvas");
  copy.width = Math.round(width * 2);
  copy.height = Math.round(height * 2);
  const c = copy.getContext("2d");
  c.setTransform(2, 0, 0, 2, 0, 0);
  paint(c, view, [width, height]);
  copy.toBlob((blob) => {
    const link = make("a"), address = URL.createObjectURL(blob);
    link.href = address;
    link.download = "map.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });
}

/* Paper is white and has its own shape: the map is drawn anew for it, and back again after. */
let printing = null;

function print(before) {
  if (before === Boolean(printing)) return;
  if (before) {
    printing = { theme: state.theme, touched: state.touched };
    state.touched = false;
    setTheme("light");
    fill([960, 700], 2);
  } else {
    const was = printing;
    printing = null;
    setTheme(was.theme);
    resize();
  }
}

/* ---------- start ---------- */

function listen() {
  canvas.addEventListener("pointerdown", startPress);
  canvas.addEventListener("pointermove", movePress);
  canvas.addEventListener("pointerup", endPress);
  canvas.addEventListener("pointercancel", endPress);
  canvas.addEventListener("pointerleave", () => { state.hover = -1; drawOver(); });
  canvas.addEventListener("wheel", wheel, { passive: false });
  canvas.addEventListener("keydown", mapKey);
  byId("zoom-in").addEventListener("click", () => zoomAt(1.5, width / 2, height / 2));
  byId("zoom-out").addEventListener("click", () => zoomAt(1 / 1.5, width / 2, height / 2));
  byId("zoom-fit").addEventListener("click", showAll);
  byId("search").addEventListener("input", showFound);
  byId("search").addEventListener("keydown", searchKey);
  byId("search").addEventListener("blur", () => openFound(false));
  byId("open-panel").addEventListener("click", togglePanel);
  byId("table-button").addEventListener("click", () => setTable(byId("table").hidden));
  byId("theme-button").addEventListener("click", () => {
    state.chosenTheme = true;
    setTheme(state.theme === "dark" ? "light" : "dark");
  });
  byId("picture-button").addEventListener("click", savePicture);
  byId("picture-button").hidden = window.parent !== window; // a sandboxed frame may not save files
  document.addEventListener("keydown", escape);
  window.addEventListener("beforeprint", () => print(true));
  window.addEventListener("afterprint", () => print(false));
  if (window.matchMedia) {
    matchMedia("print").addEventListener("change", (event) => print(event.matches));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
      if (!state.chosenTheme) setTheme(event.matches ? "dark" : "light");
    });
  }
}

function escape(event) {
  if (event.key !== "Escape") return;
  if (byId("panel").classList.contains("open")) { closePanel(); byId("open-panel").focus(); }
  else if (!byId("table").hidden) { setTable(false); byId("table-button").focus(); }
  else unselect();
}

fillPanel();
setTheme(state.theme);
listen();
resize();
if (window.ResizeObserver) new ResizeObserver(resize).observe(stage);
else window.addEventListener("resize", resize);
})();
