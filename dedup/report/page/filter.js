// Which findings are shown, in which order. The whole state is in the address after #, so that a view can be linked.

const VIEWS = [
  ["overview", "Overview"],
  ["findings", "Findings"],
  ["documents", "Documents"],
  ["repeated", "Most repeated"],
  ["drift", "Drifted copies"],
];

// The names in the address. `in` and `of` are documents, `from` and `to` folders of the map, `at` is the place of a twin.
const FILTERS = ["q", "what", "rule", "guard", "kind", "decision", "min", "max", "path", "in", "of", "from", "to", "at", "sort"];

const SORTS = [
  ["", "by place"],
  ["similar", "most alike first"],
  ["different", "least alike first"],
  ["repeated", "most repeated first"],
  ["long", "longest first"],
];

// In place of a guard: flags that none keeps in.
const UNGUARDED = "(none)";

const state = { view: "overview", finding: null };
let shown = new Int32Array(0);

function readAddress() {
  const [view, query] = location.hash.slice(1).split("?");
  state.view = VIEWS.some(([name]) => name === view) ? view : "overview";
  const given = new URLSearchParams(query || "");
  for (const name of FILTERS) state[name] = given.get(name) || "";
  for (const name of ["min", "max"]) if (!/^[0-9]*\.?[0-9]+$/.test(state[name])) state[name] = "";
  const finding = Number(given.get("finding"));
  state.finding = given.has("finding") && Number.isInteger(finding) && finding >= 1 && finding <= total ? finding - 1 : null;
}

function address(changes) {
  const wanted = { ...state, ...changes };
  const query = new URLSearchParams();
  if (wanted.view === "findings") {
    for (const name of FILTERS) if (wanted[name]) query.set(name, wanted[name]);
    if (wanted.finding !== null) query.set("finding", wanted.finding + 1);
  }
  const text = query.toString();
  return `#${wanted.view}${text ? `?${text}` : ""}`;
}

const cleared = () => Object.fromEntries(FILTERS.map((name) => [name, ""]));

// The address of the findings with these filters and no others.
const only = (filters) => address({ ...cleared(), view: "findings", finding: null, ...filters });

// A moment later, since browsers do not let a page do so many times a second.
let addressTimer = 0;
function writeAddress() {
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => {
    const wanted = address({});
    if (state.view !== "findings") return;
    byId("to-findings").href = wanted; // the way back from another view
    if (wanted !== location.hash) history.replaceState(null, "", wanted);
  }, 150);
}

let lowered = null, loweredPaths = null;

// For each text, or path, whether it holds the words; what is looked for in is lowered once.
function holding(words, all) {
  return words.map((word) => {
    const found = new Uint8Array(all.length);
    for (let at = 0; at < all.length; at++) if (all[at].includes(word)) found[at] = 1;
    return found;
  });
}

// The tests that a finding must pass, one for each filter that is set.
function tests() {
  const f = findings;
  const list = [];
  const among = (value, names, column) => {
    const wanted = names.indexOf(value);
    if (value) list.push((at) => wanted >= 0 && column[at] === wanted);
  };
  if (state.what) list.push((at) => f.flag[at] === (state.what === "flags" ? 1 : 0));
  among(state.rule, f.rules, f.rule);
  among(state.kind, f.kinds, f.kind);
  if (state.guard === UNGUARDED) list.push((at) => f.flag[at] === 1 && f.guard[at] === NONE);
  else among(state.guard, f.guards, f.guard);
  if (state.decision) {
    const wanted = Math.max(DECISIONS.indexOf(state.decision), 0);
    list.push((at) => decisionOn(at) === wanted);
  }
  const least = parseFloat(state.min), most = parseFloat(state.max);
  // As shown, with two digits: 0.91 takes all that reads 0.91.
  if (!Number.isNaN(least)) list.push((at) => Math.floor(f.similarity[at] / 100) >= Math.round(least * 100));
  if (!Number.isNaN(most)) list.push((at) => Math.floor(f.similarity[at] / 100) <= Math.round(most * 100));
  if (state.in) list.push(((wanted) => (at) => paths[f.document[at]] === wanted)(state.in));
  if (state.of) list.push(((wanted) => (at) => paths[f.twinDocument[at]] === wanted)(state.of));
  if (state.at) list.push(((wanted) => (at) => `${paths[f.twinDocument[at]]}:${f.twinLine[at]}` === wanted)(state.at));
  if (state.from) list.push(((wanted) => (at) => folderMap().nameOf(f.document[at]) === wanted)(state.from));
  if (state.to) list.push(((wanted) => (at) => folderMap().nameOf(f.twinDocument[at]) === wanted)(state.to));
  loweredPaths ??= state.path || state.q ? paths.map((path) => path.toLowerCase()) : null;
  if (state.path) {
    const [found] = holding([state.path.toLowerCase()], loweredPaths);
    list.push((at) => found[f.document[at]] === 1 || found[f.twinDocument[at]] === 1);
  }
  if (state.q) {
    lowered ??= texts.map((text) => text.toLowerCase());
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const inTexts = holding(words, lowered), inPaths = holding(words, loweredPaths);
    words.forEach((_, word) => {
      const text = inTexts[word], path = inPaths[word];
      list.push((at) => text[f.text[at]] || (f.twin[at] >= 0 && text[f.twin[at]]) || path[f.document[at]] || path[f.twinDocument[at]]);
    });
  }
  return list;
}

let twins = null;

// The findings by the place that they repeat.
function byTwin() {
  if (twins) return twins;
  twins = new Map();
  for (let at = 0; at < total; at++) {
    const key = twinKey(at), found = twins.get(key);
    if (found) found.push(at); else twins.set(key, [at]);
  }
  return twins;
}

const twinKey = (at) => `${findings.twinDocument[at]}:${findings.twinLine[at]}`;
const repeats = (at) => byTwin().get(twinKey(at)).length;

function choose() {
  const all = tests();
  const found = [];
  next: for (let at = 0; at < total; at++) {
    for (const test of all) if (!test(at)) continue next;
    found.push(at);
  }
  const orders = {
    similar: (at) => -findings.similarity[at],
    different: (at) => findings.similarity[at],
    repeated: (at) => -repeats(at),
    long: (at) => -textOf(at).length,
  };
  const order = orders[state.sort];
  if (order) {
    const keys = new Map(found.map((at) => [at, order(at)]));
    found.sort((one, other) => keys.get(one) - keys.get(other) || one - other);
  }
  shown = Int32Array.from(found);
}
