// The view of the findings: filters, and a list of which only the rows in sight are made.

const ROW = 64; // pixels, as in the style sheet
const LISTED = 250000; // rows; browsers make nothing higher. The others are reached by filters, and one by one
let cursor = 0; // which of the shown findings is looked at
let list, listBody, resultCount, chips, bulk;
const controls = {};

function option(value, label, selected) {
  return make("option", { value, selected }, label);
}

function tally(column, size_) {
  const counts = new Array(size_).fill(0);
  for (const value of column) if (value >= 0) counts[value]++;
  return counts;
}

function select(name, label, choices) {
  const element = make("select", { id: `by-${name}`, change: () => setFilter(name, element.value) }, ...choices.map(([value, text]) => option(value, text)));
  controls[name] = element;
  return make("label", { class: "field", for: `by-${name}` }, make("span", {}, label), element);
}

function named(names, column, all) {
  const counts = tally(column, names.length);
  const choices = names.map((name, at) => [name, `${name} (${number(counts[at])})`, counts[at]]);
  return [["", all], ...choices.sort((one, other) => other[2] - one[2])];
}

function field(name, label, attributes) {
  let timer = 0;
  const change = () => { clearTimeout(timer); timer = setTimeout(() => setFilter(name, element.value.trim()), 80); };
  const element = make("input", { id: `by-${name}`, autocomplete: "off", spellcheck: "false", ...attributes, input: change });
  controls[name] = element;
  return make("label", { class: "field", for: `by-${name}` }, make("span", {}, label), element);
}

function makeFindings() {
  const f = findings;
  const flags = f.flag.reduce((sum, each) => sum + each, 0);
  const guards = named(f.guards, f.guard, "any");
  if (f.flag.some((flag, at) => flag && f.guard[at] === NONE)) guards.push([UNGUARDED, "none: only flagged"]);
  resultCount = make("p", { id: "count", role: "status", "aria-live": "polite" });
  chips = make("div", { class: "chips" });
  bulk = make("div", { class: "bulk", role: "group", "aria-label": "Decide on all that are shown" });
  const filters = make("details", { class: "filters", open: window.innerWidth >= 760 },
    make("summary", {}, "Filters"),
    make("div", { class: "fields" },
      select("what", "Removals and flags", [["", "both"], ["removals", `removals (${number(total - flags)})`], ["flags", `flags (${number(flags)})`]]),
      select("rule", "Rule", named(f.rules, f.rule, "any")),
      select("guard", "Guard", guards),
      select("kind", "Kind", named(f.kinds, f.kind, "any")),
      select("decision", "Decision", [["", "any"], ["undecided", "undecided"], ["accept", "accepted"], ["reject", "rejected"]]),
      make("div", { class: "pair" },
        field("min", "Alike from", { type: "number", min: 0, max: 1, step: 0.01, placeholder: "0.00" }),
        field("max", "to", { type: "number", min: 0, max: 1, step: 0.01, placeholder: "1.00" })),
      field("path", "Document or folder", { type: "search", placeholder: "part of a path" })));
  list = make("div", { class: "list", role: "listbox", tabindex: 0, "aria-label": "Findings", scroll: paintList, keydown: listKey });
  listBody = make("div", { class: "rows", role: "presentation" });
  list.append(listBody);
  byId("view-findings").append(
    make("h2", { id: "title-findings", class: "unseen" }, "Findings"),
    make("form", { class: "finder", role: "search", submit: (event) => event.preventDefault() },
      make("div", { class: "search" },
        field("q", "Search", { type: "search", placeholder: "words of a text or a path" }),
        select("sort", "Order", SORTS)),
      filters, chips),
    make("div", { class: "results" }, resultCount, bulk),
    make("div", { class: "panes" }, list, make("article", { id: "detail", class: "detail", "aria-label": "The finding" })));
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-at]");
    if (row) look(Number(row.dataset.at));
  });
  new ResizeObserver(() => paintList()).observe(list);
}

function setFilter(name, value) {
  state[name] = value;
  state.finding = shown.length ? shown[cursor] : null;
  refresh();
}

// Chooses the findings anew and shows them.
function refresh() {
  choose();
  const at = state.finding === null ? -1 : shown.indexOf(state.finding);
  cursor = Math.max(at, 0);
  for (const [name, element] of Object.entries(controls)) {
    if (document.activeElement !== element) element.value = state[name];
  }
  resultCount.textContent = shown.length === total
    ? counted(total, "finding")
    : `${number(shown.length)} of ${counted(total, "finding")}`;
  paintChips();
  paintBulk();
  if (shown.length > LISTED) resultCount.textContent += `, the first ${number(LISTED)} in the list`;
  listBody.style.height = `${Math.min(shown.length, LISTED) * ROW}px`;
  look(cursor);
}

function paintChips() {
  const told = {
    in: ["in", state.in], of: ["repeats", state.of], at: ["repeats", state.at],
    from: ["folder", state.from], to: ["repeats folder", state.to],
  };
  const set = Object.entries(told).filter(([, [, value]]) => value);
  chips.replaceChildren(...set.map(([name, [label, value]]) =>
    make("button", { type: "button", class: "chip", "aria-label": `Take away the filter ${label} ${value}`, click: () => setFilter(name, "") },
      `${label} `, make("bdi", {}, value), make("span", { "aria-hidden": "true" }, " ×"))));
  if (FILTERS.some((name) => name !== "sort" && state[name])) {
    chips.append(make("button", { type: "button", class: "plain", click: () => { Object.assign(state, cleared()); refresh(); controls.q.focus(); } }, "Clear all filters"));
  }
}

function paintBulk() {
  if (!cases.length || !shown.length) {
    bulk.replaceChildren();
    return;
  }
  const button = (decision, label, disabled) => make("button", { type: "button", disabled, click: () => decideAll(decision) }, label);
  const all = (decision, verb) => {
    const { chosen, all } = reach(shown, decision);
    return button(decision, `${verb} all ${number(chosen)}${all > chosen ? ` (${number(all)} with those of the same words)` : ""}`, !chosen);
  };
  bulk.replaceChildren(all(ACCEPT, "Accept"), all(REJECT, "Reject"), button(0, "Undecide all", false));
}

function decideAll(decision) {
  const verb = ["No longer decided", "Accepted", "Rejected"][decision];
  const done = decide(shown, decision);
  const without = shown.reduce((sum, finding) => sum + (caseOf[finding] === NONE), 0);
  const held = decision === ACCEPT ? shown.reduce((sum, finding) => sum + (caseOf[finding] !== NONE && staysAnyhow(finding)), 0) : 0;
  say([`${verb}: ${counted(done, "finding")}. u takes it back.`,
    without ? `${counted(without, "finding")} cannot be decided on: the report does not say which words they are.` : "",
    held ? `${counted(held, "flag")} cannot be accepted: ${held === 1 ? "it stays" : "they stay"} whatever is decided.` : "",
  ].filter(Boolean).join(" "), true);
}

function paintList() {
  if (!list.clientHeight) return;
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 4);
  const last = Math.min(shown.length, LISTED, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 4);
  const rows = [];
  for (let at = first; at < last; at++) rows.push(rowOf(at));
  if (!shown.length) rows.push(make("p", { class: "none" }, total ? "No finding fits the filters." : "Nothing repeats."));
  listBody.replaceChildren(...rows);
}

function rowOf(at) {
  const f = findings, finding = shown[at];
  const decision = decisionOn(finding);
  const mark = ["", "✓", "✕"][decision];
  const row = make("div", {
    class: `row ${f.flag[finding] ? "flag" : "removal"} ${DECISIONS[decision]}`,
    role: "option", id: `row-${at}`, "data-at": at,
    "aria-selected": at === cursor ? "true" : "false", "aria-posinset": at + 1, "aria-setsize": shown.length,
  },
    make("span", { class: "first", dir: "auto" }, firstWords(textOf(finding), 90) || "(no text)"),
    make("span", { class: "second" },
      make("span", { class: "tag" }, f.flag[finding] ? `flag · ${f.guard[finding] >= 0 ? f.guards[f.guard[finding]] : f.rules[f.rule[finding]]}` : f.rules[f.rule[finding]]),
      make("span", {}, digits(f.similarity[finding])), placeOf(short(paths[f.document[finding]]), f.line[finding])),
    decision ? make("span", { class: "mark" }, make("span", { "aria-hidden": "true" }, mark), make("span", { class: "unseen" }, `${DECISIONS[decision]}ed`)) : null);
  row.style.top = `${at * ROW}px`;
  return row;
}

// Looks at one of the shown findings.
function look(at) {
  cursor = Math.min(Math.max(at, 0), Math.max(shown.length - 1, 0));
  state.finding = shown.length ? shown[cursor] : null;
  const top = cursor * ROW, height = list.clientHeight;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + ROW > list.scrollTop + height) list.scrollTop = top + ROW - height;
  paintList();
  if (shown.length) list.setAttribute("aria-activedescendant", `row-${cursor}`);
  else list.removeAttribute("aria-activedescendant");
  paintDetail();
  if (state.view === "findings") writeAddress();
}

function listKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const page = Math.max(1, Math.floor(list.clientHeight / ROW) - 1);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -shown.length, End: shown.length };
  if (!(event.key in steps)) return;
  event.preventDefault();
  event.stopPropagation();
  look(cursor + steps[event.key]);
}
