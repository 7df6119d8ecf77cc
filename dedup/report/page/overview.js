// What was found, at a glance: numbers, rules and guards, how alike near-duplicates are, which folders repeat which.

const MOST_FOLDERS = 30;
const OTHER = "other folders";

function heading(view, title, ...under) {
  byId(`view-${view}`).append(make("h2", { id: `title-${view}` }, title), ...under.filter(Boolean));
}

function card(title, ...content) {
  return make("section", { class: "card" }, make("h3", {}, title), ...content);
}

// A table; `rows` are lists of cells, the first of each the head of its row. Numbers stand to the right.
function table(caption, columns, rows, attributes) {
  const cell = (value, at) => make(at ? "td" : "th", { class: columns[at][1] || null, scope: at ? null : "row" }, value);
  return make("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": caption },
    make("table", attributes, make("caption", { class: "unseen" }, caption),
      make("thead", {}, make("tr", {}, ...columns.map(([title, kind]) => make("th", { scope: "col", class: kind || null }, title)))),
      make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map(cell))))));
}

function tile(value, label, kind, filters) {
  const inner = [make("span", { class: "value" }, value), make("span", { class: "label" }, label)];
  return filters ? make("a", { class: `tile ${kind}`, href: only(filters) }, ...inner) : make("div", { class: `tile ${kind}` }, ...inner);
}

function makeOverview() {
  const { summary, notes } = report;
  const gone = summary.bytes_in - summary.bytes_out;
  heading("overview", "At a glance",
    make("div", { class: "tiles" },
      tile(number(summary.removed), summary.removed === 1 ? "removal" : "removals", "removal", { what: "removals" }),
      tile(number(summary.flagged), summary.flagged === 1 ? "flag, left in" : "flags, left in", "flag", { what: "flags" }),
      tile(number(summary.blocks - summary.removed), `of ${counted(summary.blocks, "block")} kept`, ""),
      tile(number(summary.documents), summary.documents === 1 ? "document" : "documents", ""),
      tile(percent(gone, summary.bytes_in), `${size(Math.max(gone, 0))} of ${size(summary.bytes_in)}`, "")),
    shareBar(summary));
  const grid = make("div", { class: "cards" },
    make("div", {}, rulesCard(summary), ...histograms()), make("div", {}, guardsCard()));
  byId("view-overview").append(grid, mapCard());
  if (report.directives.length) byId("view-overview").append(directivesCard());
  byId("view-overview").append(aboutCard(notes));
}

function shareBar(summary) {
  const bar = make("div", { class: "bar", "aria-hidden": "true" });
  for (const [kind, blocks] of [["removal", summary.removed], ["flag", summary.flagged], ["kept", summary.blocks - summary.removed - summary.flagged]]) {
    const part = make("span", { class: kind });
    part.style.flexGrow = Math.max(blocks, 0);
    bar.append(part);
  }
  const share = (blocks) => percent(blocks, summary.blocks);
  return make("figure", { class: "share" }, bar, make("figcaption", { class: "quiet" },
    `Of the blocks ${share(summary.removed)} removals, ${share(summary.flagged)} flags; the others have no earlier twin, or are let be.`));
}

function rulesCard(summary) {
  const rows = Object.entries(summary.by_rule).map(([rule, counts]) => [
    make("a", { href: only({ rule }) }, rule), number(counts.documents), number(counts.removed), number(counts.flagged), size(Math.max(counts.bytes_in - counts.bytes_out, 0))]);
  return card("By rule",
    rows.length ? table("Findings by rule", [["Rule"], ["Documents", "number"], ["Removed", "number"], ["Flagged", "number"], ["Bytes less", "number"]], rows) : make("p", {}, "Nothing repeats."));
}

function guardsCard() {
  const { guards, guard, flag } = findings;
  const counts = tally(guard.filter((_, at) => flag[at]), guards.length);
  const order = guards.map((_, at) => at).sort((one, other) => counts[other] - counts[one]);
  const rows = order.filter((at) => counts[at]).map((at) => [make("a", { href: only({ guard: guards[at], what: "flags" }) }, guards[at]), number(counts[at]), guardTold(guards[at])]);
  return card("What guards kept in",
    rows.length ? table("Flags by guard", [["Guard"], ["Flags", "number"], ["Why"]], rows) : make("p", { class: "quiet" }, "No guard kept anything in."));
}

function histograms() {
  const { rules, rule, similarity } = findings;
  const made = [];
  for (const [name, title, threshold] of [["near", "How alike near-duplicates are", report.threshold], ["headline", "How alike headlines are", null]]) {
    const wanted = rules.indexOf(name);
    const values = [];
    for (let at = 0; at < total; at++) if (rule[at] === wanted && similarity[at] < SCALE) values.push(at);
    if (values.length) made.push(histogram(name, title, threshold, values));
  }
  return made;
}

function histogram(rule, title, threshold, values) {
  const { similarity, flag } = findings;
  const least = Math.min(...[threshold === null ? 1 : threshold, 0.98, values.reduce((low, at) => Math.min(low, similarity[at]), SCALE) / SCALE]);
  const from = Math.floor(least * 20) / 20;
  const step = 1 - from > 0.5 ? 0.02 : 0.01;
  const bins = Array.from({ length: Math.round((1 - from) / step) }, (_, at) => ({ low: from + at * step, removal: 0, flag: 0 }));
  for (const at of values) {
    const bin = bins[Math.min(bins.length - 1, Math.floor((similarity[at] / SCALE - from) / step + 1e-9))];
    bin[flag[at] ? "flag" : "removal"]++;
  }
  const most = Math.max(...bins.map((bin) => bin.removal + bin.flag));
  const width = 440, height = 190, left = 36, right = 8, top = 24, bottom = 28;
  const x = (value) => left + ((value - from) / (1 - from)) * (width - left - right);
  const y = (count) => height - bottom - (count / most) * (height - top - bottom);
  const told = `${counted(values.length, "finding")}, from ${digits(values.reduce((low, at) => Math.min(low, similarity[at]), SCALE))} to ${digits(values.reduce((high, at) => Math.max(high, similarity[at]), 0))}`;
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": `${title}: ${told}. The table below has the numbers.` });
  for (const part of [0, 0.5, 1]) {
    const value = Math.round(most * part);
    svg.append(draw("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), class: "grid" }),
      draw("text", { x: left - 6, y: y(value) + 4, class: "end" }, number(value)));
  }
  for (const bin of bins) {
    const at = x(bin.low), wide = Math.max(x(bin.low + step) - at - 1.5, 1);
    const both = bin.removal + bin.flag;
    if (!both) continue;
    const high = Math.min(bin.low + step - 0.01, 0.99);
    const link = draw("a", { href: only({ rule, min: bin.low.toFixed(2), max: high.toFixed(2) }), "aria-label": `${counted(bin.removal, "removal")} and ${counted(bin.flag, "flag")} at ${bin.low.toFixed(2)}` });
    if (bin.removal) link.append(draw("rect", { x: at, width: wide, y: y(bin.removal), height: y(0) - y(bin.removal), class: "removal" }));
    if (bin.flag) link.append(draw("rect", { x: at, width: wide, y: y(both), height: y(bin.removal) - y(both), class: "flag" }));
    svg.append(link);
  }
  const marks = Math.max(1, Math.round(bins.length / 8));
  for (let at = 0; at <= bins.length; at += marks) svg.append(draw("text", { x: x(from + at * step), y: height - 8, class: "middle" }, (from + at * step).toFixed(2)));
  if (threshold !== null && threshold >= from) {
    svg.append(draw("line", { x1: x(threshold), x2: x(threshold), y1: top - 8, y2: y(0), class: "threshold" }),
      draw("text", { x: x(threshold) + 5, y: top - 10, class: threshold > 0.9 ? "end" : "" }, `threshold ${threshold.toFixed(2)}`));
  }
  const rows = bins.filter((bin) => bin.removal + bin.flag).map((bin) => [bin.low.toFixed(2), number(bin.removal), number(bin.flag)]);
  return card(title, make("figure", {}, svg, make("figcaption", { class: "quiet" },
    make("span", { class: "key removal" }, "removals"), " ", make("span", { class: "key flag" }, "flags"), ` — ${told}.`)),
    make("details", {}, make("summary", {}, "The numbers"), table(title, [["Alike from"], ["Removals", "number"], ["Flags", "number"]], rows)));
}

let mapped = null;

// The folders of the documents, and how often each repeats which.
function folderMap() {
  if (mapped) return mapped;
  const weights = new Map();
  for (const column of [findings.document, findings.twinDocument]) for (const at of column) weights.set(at, (weights.get(at) || 0) + 1);
  const groups = folderGroups([...weights.keys()], weights);
  groups.sort((one, other) => other.weight - one.weight);
  const kept = groups.length > MOST_FOLDERS ? groups.slice(0, MOST_FOLDERS - 1) : groups;
  const names = new Map([...weights.keys()].map((at) => [at, OTHER]));
  for (const { name, documents } of kept) for (const at of documents) names.set(at, name);
  const counts = new Map();
  for (let finding = 0; finding < total; finding++) {
    const from = names.get(findings.document[finding]), to = names.get(findings.twinDocument[finding]);
    if (!counts.has(from)) counts.set(from, new Map());
    const row = counts.get(from);
    row.set(to, (row.get(to) || 0) + 1);
  }
  const collator = new Intl.Collator("en", { numeric: true });
  const order = kept.map((group) => group.name).sort(collator.compare);
  if (kept.length < groups.length) order.push(OTHER);
  mapped = { names: order, nameOf: (at) => names.get(at), count: (one, other) => counts.get(one)?.get(other) || 0 };
  return mapped;
}

// Documents by folder. A folder in which more than a quarter of all is gets shown by the folders in it.
function folderGroups(documents, weights) {
  const folders = new Map(documents.map((at) => [at, paths[at].slice(below.length).split("/").slice(0, -1)]));
  const weigh = (all) => all.reduce((sum, at) => sum + weights.get(at), 0);
  const split = (group) => {
    const parts = new Map();
    for (const at of group.documents) {
      const inside = folders.get(at);
      const own = inside.length === group.depth;
      const name = own ? group.name : `${group.name}${inside[group.depth]}/`;
      const depth = own ? Infinity : group.depth + 1;
      if (!parts.has(name)) parts.set(name, { name, depth, documents: [] });
      parts.get(name).documents.push(at);
    }
    return [...parts.values()].map((part) => ({ ...part, weight: weigh(part.documents) }));
  };
  let groups = [{ name: below, depth: 0, documents, weight: weigh(documents) }];
  const most = groups[0].weight / 4;
  for (;;) {
    const heavy = groups.find((group) => group.weight > most && group.depth !== Infinity);
    if (!heavy || groups.length >= MOST_FOLDERS) return groups;
    groups = groups.flatMap((group) => (group === heavy ? split(heavy) : [group]));
  }
}

// Where the paths that are shown begin.
const belowTold = () => (below ? make("span", {}, "All are below ", pathOf(below), ". ") : null);

function mapCard() {
  if (!total) return "";
  const map = folderMap();
  if (map.names.length < 2) return make("p", { class: "quiet" }, "All findings are in one folder: there is no map of folders to show.");
  const shortened = (name) => (name === OTHER ? name : short(name) || "./");
  const most = Math.max(...map.names.flatMap((one) => map.names.map((other) => map.count(one, other))));
  const rows = map.names.filter((one) => map.names.some((other) => map.count(one, other)));
  const columns = map.names.filter((other) => rows.some((one) => map.count(one, other)));
  const body = rows.map((one) => make("tr", {}, make("th", { scope: "row" }, make("span", { class: "path", title: one }, make("bdi", { dir: "ltr" }, shortened(one)))),
    ...columns.map((other) => {
      const value = map.count(one, other);
      if (!value) return make("td", {});
      const heat = Math.log1p(value) / Math.log1p(most);
      const cell = make("td", {}, make("a", { href: only({ from: one, to: other }), tabindex: -1, "aria-label": `${counted(value, "finding")} of ${one} repeat ${other}` }, number(value)));
      cell.style.setProperty("--heat", `${Math.round(6 + heat * 40)}%`); // no more, or the number could not be read on it
      return cell;
    })));
  const map_ = make("table", { class: "map", keydown: mapKey },
    make("caption", { class: "unseen" }, "How many findings of a folder (rows) repeat which folder (columns)"),
    make("thead", {}, make("tr", {}, make("td", { class: "corner quiet" }, "repeats →"),
      ...columns.map((name) => make("th", { scope: "col" }, make("bdi", { class: "path", dir: "ltr", title: name }, shortened(name)))))),
    make("tbody", {}, ...body));
  const first = map_.querySelector("a");
  if (first) first.tabIndex = 0;
  return card("Which folders repeat which",
    make("p", { class: "quiet" }, "Rows are the folders in which repeats stand, columns those that they repeat; the numbers are findings. ",
      belowTold(), "The arrow keys go from number to number."),
    make("div", { class: "scroll", role: "region", "aria-label": "Map of folders", tabindex: 0 }, map_));
}

// One stop for the Tab key; from there arrows.
function mapKey(event) {
  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  const step = steps[event.key], cell = event.target.closest("td");
  if (!step || !cell) return;
  event.preventDefault();
  event.stopPropagation();
  const rows = cell.closest("tbody").rows;
  let row = cell.parentNode.rowIndex - 1, column = cell.cellIndex;
  for (;;) {
    row += step[0];
    column += step[1];
    const next = rows[row]?.cells[column];
    if (!next || !column) return;
    const link = next.querySelector("a");
    if (!link) continue;
    event.target.tabIndex = -1;
    link.tabIndex = 0;
    link.focus();
    return;
  }
}

function directivesCard() {
  return card("Comments that say nothing", make("ul", {}, ...report.directives.map(([document_, line, text]) =>
    make("li", {}, spot(document_, line), ` ${text}`))));
}

function aboutCard(notes) {
  const { cut, tool, settings } = report;
  const told = [...notes];
  if (report.decisions?.length) told.push(`The ${counted(report.decisions.length, "decision")} that this run obeyed ${report.decisions.length === 1 ? "is" : "are"} in this page, and in what it saves.`);
  if (missed) told.push(MISSED);
  if (!cut.around) told.push("So that this page stays small, the lines above and below are left out.");
  if (cut.texts) told.push(`${counted(cut.texts, "text")} of more than ${counted(cut.limit, "character")} ${cut.texts === 1 ? "is" : "are"} cut, so that this page stays small; the saved report (.json) has all.`);
  return card("About this run",
    ...told.map((note) => make("p", {}, note)),
    make("details", {}, make("summary", {}, "Settings"),
      table("Settings of the run", [["Setting"], ["Value"]], settings.map(([name, value]) => [name, make("code", {}, value)]))),
    make("p", { class: "quiet" }, `Made by ${tool.name || "dedup"} ${tool.version || ""}${tool.kernel ? `, ${tool.kernel} kernel` : ""}.`));
}
