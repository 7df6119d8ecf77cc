// Documents ranked by repetition, the paragraphs repeated most often, and drifted copies.

const AT_ONCE = 100;

// Puts rows into a list or table some at a time; the others come when they are asked for.
function someOf(items, into, makeItem) {
  let made = 0;
  const more = make("button", { type: "button", class: "plain", click: () => add() });
  function add() {
    into.append(...items.slice(made, made + AT_ONCE).map(makeItem));
    made = Math.min(made + AT_ONCE, items.length);
    more.textContent = `Show ${number(Math.min(AT_ONCE, items.length - made))} more of ${number(items.length)}`;
    more.hidden = made >= items.length;
  }
  add();
  return more;
}

// Of each document with findings: removals, flags, their bytes, and the share of it that they are.
function ranked() {
  const { document: documents, flag, bytes } = findings;
  const { sizes, shares, repeats: twin } = report.documents;
  const rows = new Map();
  for (let at = 0; at < total; at++) {
    let row = rows.get(documents[at]);
    if (!row) rows.set(documents[at], row = { at: documents[at], removals: 0, flags: 0, bytes: 0 });
    if (flag[at]) row.flags++; else row.removals++;
    row.bytes += bytes[at];
  }
  for (const row of rows.values()) {
    row.share = sizes[row.at] > 0 ? Math.min(row.bytes / sizes[row.at], 1) : shares[row.at] >= 0 ? shares[row.at] / SCALE : -1;
    row.twin = twin[row.at];
  }
  return [...rows.values()];
}

const DOCUMENT_COLUMNS = [
  ["Document", "", (row) => paths[row.at], 1],
  ["Repeated", "number", (row) => row.share, -1],
  ["Removals", "number", (row) => row.removals, -1],
  ["Flags", "number", (row) => row.flags, -1],
  ["Bytes", "number", (row) => row.bytes, -1],
  ["Repeats most of all", "", (row) => (row.twin >= 0 ? paths[row.twin] : "\uffff"), 1],
];

function makeDocuments() {
  const rows = ranked();
  const { whole, dropped } = report.documents;
  const isWhole = new Set(whole), isDropped = new Set(dropped);
  const body = make("tbody", {});
  const foot = make("p", {});
  const heads = DOCUMENT_COLUMNS.map(([title, kind, key, direction], column) => make("th", { scope: "col", class: kind || null },
    make("button", { type: "button", class: "sort", click: () => sort(column) }, title)));
  let by = 1, way = -1;
  function sort(column) {
    way = column === by ? -way : DOCUMENT_COLUMNS[column][3];
    by = column;
    fill();
  }
  function fill() {
    const key = DOCUMENT_COLUMNS[by][2];
    const compared = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
    rows.sort((one, other) => way * compared(key(one), key(other)) || other.bytes - one.bytes || one.at - other.at);
    heads.forEach((head, column) => {
      if (column === by) head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    body.replaceChildren();
    foot.replaceChildren(someOf(rows, body, documentRow));
  }
  function documentRow(row) {
    const share = make("span", { class: "meter", "aria-hidden": "true" }, make("span", {}));
    share.firstChild.style.width = `${Math.max(row.share, 0) * 100}%`;
    const notes = [isWhole.has(row.at) ? "as a whole" : null, isDropped.has(row.at) ? "left out" : null].filter(Boolean).join(", ");
    return make("tr", {},
      make("th", { scope: "row" }, make("a", { href: only({ in: paths[row.at] }) }, pathOf(short(paths[row.at])))),
      make("td", { class: "number" }, share, row.share < 0 ? "–" : percent(row.share, 1)),
      make("td", { class: "number" }, number(row.removals)),
      make("td", { class: "number" }, number(row.flags)),
      make("td", { class: "number" }, size(row.bytes)),
      make("td", {}, row.twin >= 0 ? make("a", { href: only({ in: paths[row.at], of: paths[row.twin] }) }, pathOf(short(paths[row.twin]))) : "", notes ? make("span", { class: "quiet" }, ` ${notes}`) : null));
  }
  heading("documents", "Documents by repetition",
    make("p", { class: "quiet" }, `${counted(rows.length, "document")} of ${number(report.summary.documents)} with findings. “Repeated” is the share of a document's bytes that are removed or flagged; where the file could not be read, of its words. `, belowTold()),
    make("div", { class: "scroll", role: "region", "aria-label": "Table of documents", tabindex: 0 },
      make("table", { class: "documents" }, make("caption", { class: "unseen" }, "Documents by repetition"), make("thead", {}, make("tr", {}, ...heads)), body)),
    foot);
  fill();
}

function makeRepeated() {
  const headline = findings.kinds.indexOf("headline");
  const groups = [...byTwin().values()]
    .map((all) => ({ all, first: all[0], times: all.length + 1 }))
    .sort((one, other) => other.times - one.times || one.first - other.first);
  const paragraphs = groups.filter((group) => findings.kind[group.first] !== headline);
  const headlines = groups.filter((group) => findings.kind[group.first] === headline);
  heading("repeated", "Repeated most often",
    make("p", { class: "quiet" }, "Each text with the number of places where it stands, the one that stays among them."),
    repeatedList("Paragraphs and list items", paragraphs), headlines.length ? repeatedList("Headlines", headlines) : null);
}

function repeatedList(title, groups) {
  const items = make("ol", { class: "repeated" });
  const more = someOf(groups, items, ({ all, first, times }) => {
    const documents = new Set([findings.twinDocument[first], ...all.map((at) => findings.document[at])]).size;
    const where = { at: `${paths[findings.twinDocument[first]]}:${findings.twinLine[first]}` };
    return make("li", {},
      make("a", { class: "times", href: only(where), "aria-label": `${number(times)} times: show the findings` }, `${number(times)} ×`),
      make("div", {},
        make("p", { class: "quote", dir: "auto" }, firstWords(twinOf(first) ?? textOf(first), 240)),
        make("p", { class: "quiet" }, `in ${counted(documents, "document")}, first at `, spot(findings.twinDocument[first], findings.twinLine[first]))));
  });
  return card(title, groups.length ? items : make("p", { class: "quiet" }, "None."), more);
}

function makeDrift() {
  const groups = make("div", {});
  const more = someOf(report.drift, groups, (wordings, at) => {
    const base = texts[wordings[0].text];
    const places = wordings.reduce((sum, wording) => sum + wording.places.length, 0);
    return make("section", { class: "card" },
      make("h3", {}, `${counted(wordings.length, "wording")} of one paragraph in ${counted(places, "place")}`),
      ...wordings.map((wording, number_) => wordingOf(wording, number_ ? compare(base, texts[wording.text]) : null, base)));
  });
  heading("drift", "Drifted copies",
    make("p", { class: "quiet" }, report.drift.length
      ? "One paragraph that stands in several places and is no longer the same everywhere. What differs from the first wording is marked."
      : "None are listed. dedup check lists them under the preset docs, and with --drift-only."), groups, more);
}

// A wording as one text: what the first wording has instead is struck out before it.
function wordingOf(wording, compared, base) {
  const notes = [wording.guard ? `differs in: ${wording.guard}` : null, wording.commonest ? "commonest" : null, wording.newest ? `newest, ${wording.written || "not committed"}` : wording.written]
    .filter(Boolean);
  return make("div", { class: "wording" },
    make("p", { class: "badges" }, ...notes.flatMap((note) => [chipOf(note, ""), " "]),
      compared ? make("span", { class: "quiet" }, `${digits(wording.similarity)} alike`) : null),
    make("p", { class: "quote", dir: "auto" }, ...(compared ? woven(compared) : [base])),
    make("details", {}, make("summary", {}, counted(wording.places.length, "place")),
      make("ul", {}, ...wording.places.map(([document_, line]) => make("li", {}, spot(document_, line))))));
}

// Two texts as one: where they differ, the words of the first struck out, then those of the second.
function woven({ left, right }) {
  const parts = [];
  let at = 0;
  const skip = () => { while (at < left.length && isSpace(left[at].text)) at++; };
  const gone = () => {
    skip();
    let text = "";
    while (at < left.length && (left[at].differs || (text && isSpace(left[at].text) && left[at + 1]?.differs))) text += left[at++].text;
    if (text) parts.push(make("del", {}, text), " ");
    skip();
  };
  for (let here = 0; here < right.length;) {
    if (isSpace(right[here].text)) {
      parts.push(right[here++].text);
      continue;
    }
    gone();
    let text = "";
    while (here < right.length && right[here].differs) text += right[here++].text;
    if (text) {
      parts.push(make("ins", {}, text));
      continue;
    }
    if (here >= right.length) break;
    parts.push(right[here++].text);
    at++;
  }
  gone();
  return parts;
}
