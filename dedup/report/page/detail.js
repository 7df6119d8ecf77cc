// One finding beside its twin.

function chipOf(text, kind) {
  return make("span", { class: `badge ${kind}` }, text);
}

function side(title, where, extra, context, body, kind) {
  const [above, below] = context.map((each) => (each === NONE || each === undefined ? "" : texts[each]));
  return make("section", { class: `side ${kind}` },
    make("h4", {}, title),
    make("p", { class: "where" }, where, extra),
    make("div", { class: "text" },
      above ? make("p", { class: "context", dir: "auto" }, above) : null,
      body,
      below ? make("p", { class: "context", dir: "auto" }, below) : null));
}

const nameOf = (at) => (at === NONE ? null : findings.names[at]);

function paintDetail() {
  const detail = byId("detail");
  if (!shown.length) {
    detail.replaceChildren(make("p", { class: "quiet" }, "There is no finding to show."));
    return;
  }
  const f = findings, finding = shown[cursor];
  const text = textOf(finding), twin = twinOf(finding);
  const same = twin === text;
  const compared = twin === null || same ? null : compare(twin, text);
  const rule = f.rules[f.rule[finding]];
  const guard = f.guard[finding] === NONE ? null : f.guards[f.guard[finding]];
  const flagged = f.flag[finding] === 1;
  const lines = f.height[finding] > 0 ? `lines ${f.line[finding]}–${f.line[finding] + f.height[finding]}` : `line ${f.line[finding]}`;
  const row = nameOf(f.id[finding]), twinRow = nameOf(f.twinId[finding]), batch = nameOf(f.batch[finding]);
  const about = (label, value) => (value === null ? null : make("span", { class: "quiet" }, ` ${label} `, make("bdi", {}, value)));
  const link = (filters, label) => make("a", { href: only(filters) }, label);
  const parts = [
    make("div", { class: "head" },
      make("h3", {}, `Finding ${number(cursor + 1)} of ${number(shown.length)}`),
      make("div", { class: "step" },
        make("button", { type: "button", "aria-label": "Previous finding", disabled: cursor === 0, click: () => look(cursor - 1) }, "←"),
        make("button", { type: "button", "aria-label": "Next finding", disabled: cursor === shown.length - 1, click: () => look(cursor + 1) }, "→"))),
    make("p", { class: "badges" },
      chipOf(flagged ? "Flag" : "Removal", flagged ? "flag" : "removal"), " ",
      chipOf(`rule ${rule}`, ""), " ",
      guard ? chipOf(`guard ${guard}`, "flag") : null, " ",
      chipOf(`${digits(f.similarity[finding])} alike`, ""), " ",
      chipOf(f.kinds[f.kind[finding]], "")),
    make("p", { class: "why" }, ruleTold(rule), " ",
      whyKept(flagged, guard)),
    decider(finding),
    compared && compared.changes.length && compared.changes.length <= 12 ? differences(compared.changes) : null,
    make("div", { class: "sides" },
      side("This one repeats", pathOf(paths[f.document[finding]]), make("span", { class: "quiet" }, ` ${lines}`),
        [f.above[finding], f.below[finding]],
        make("p", { class: "block", dir: "auto" }, ...(compared ? marked(compared.right, "ins") : [text])), "repeat"),
      side("This one stays", pathOf(paths[f.twinDocument[finding]]), make("span", { class: "quiet" }, ` line ${f.twinLine[finding]}`),
        [f.twinAbove[finding], f.twinBelow[finding]],
        twin === null
          ? make("p", { class: "block quiet" }, "The twin's text is not in this report.")
          : make("p", { class: "block", dir: "auto" }, ...(compared ? marked(compared.left, "del") : [twin])), "stays")),
    make("p", { class: "more" }, about("row", row), about("row of the twin", twinRow), about("batch of the twin", batch)),
    make("ul", { class: "links" },
      make("li", {}, link({ in: paths[f.document[finding]] }, "All in this document")),
      make("li", {}, link({ in: paths[f.document[finding]], of: paths[f.twinDocument[finding]] }, "All between these two documents")),
      repeats(finding) > 1 ? make("li", {}, link({ at: `${paths[f.twinDocument[finding]]}:${f.twinLine[finding]}` }, `All ${number(repeats(finding))} that repeat the same`)) : null,
      runLink(finding)),
  ];
  detail.replaceChildren(...parts.filter(Boolean));
  if (Math.max(text.length, twin?.length ?? 0) > LONG) detail.querySelectorAll(".block").forEach(cap);
}

const LONG = 500; // characters; shorter texts are shown whole

// Of a text that is higher than the window may be, the rest is shown when it is asked for.
function cap(block) {
  block.classList.add("capped");
  if (block.scrollHeight <= block.clientHeight) {
    block.classList.remove("capped");
    return;
  }
  const more = make("button", { type: "button", class: "plain", click: () => {
    block.classList.remove("capped");
    more.remove();
    block.tabIndex = -1;
    block.focus({ preventScroll: true });
  } }, "Show all of it");
  block.after(more);
}

function whyKept(flagged, guard) {
  if (!guard) return flagged ? "The settings leave this to a person." : "";
  return `${flagged ? "Kept in by the guard" : "A decision took it out; else it would be kept in by the guard"} “${guard}”: ${guardTold(guard)}`;
}

// Where a finding is one of several that together repeat a passage.
function runLink(finding) {
  const f = findings;
  const together = (at) => at >= 0 && at < total && !f.flag[at] && f.run[at] === f.run[finding] && f.document[at] === f.document[finding];
  if (f.flag[finding]) return null;
  let first = finding, last = finding;
  while (together(first - 1)) first--;
  while (together(last + 1)) last++;
  return last > first ? make("li", { class: "quiet" }, `One of ${number(last - first + 1)} in a row, lines ${f.line[first]}–${f.line[last] + f.height[last]}`) : null;
}

function differences(changes) {
  return make("p", { class: "differs" }, make("strong", {}, "Differs: "),
    ...changes.flatMap(([gone, came], at) => [
      at ? "; " : "",
      gone ? make("del", { dir: "auto" }, gone) : make("span", { class: "quiet" }, "nothing"),
      make("span", { class: "quiet" }, " became "),
      came ? make("ins", { dir: "auto" }, came) : make("span", { class: "quiet" }, "nothing"),
    ]));
}

const heldTold = (finding) => `It cannot be accepted: what the guard “${findings.guards[findings.guard[finding]]}” keeps in stays, whatever is decided.`;

function decider(finding) {
  const case_ = caseOf[finding];
  if (case_ === NONE) {
    return make("p", { class: "quiet" }, "This finding cannot be decided on: the report does not say by which words it is known.");
  }
  const now = decisionOn(finding);
  const button = (decision, label, key) => make("button", {
    type: "button", class: `choice ${DECISIONS[decision]}`, "aria-pressed": now === decision ? "true" : "false",
    "aria-keyshortcuts": key, click: () => decideOn(finding, now === decision ? 0 : decision),
  }, label, " ", make("kbd", { "aria-hidden": "true" }, key));
  const others = alike[case_] - 1;
  const held = staysAnyhow(finding);
  return make("div", { class: "decider", role: "group", "aria-label": "Decide on this finding" },
    held ? null : button(ACCEPT, "Accept: it may go", "a"), button(REJECT, held ? "Reject: report it no more" : "Reject: it stays", "r"),
    held ? make("span", { class: "quiet" }, heldTold(finding)) : null,
    others ? make("span", { class: "quiet" }, `Holds for ${counted(others, "other finding")} of the same words too.`) : null);
}

function decideOn(finding, decision) {
  const done = decide([finding], decision);
  const verb = ["No longer decided", "Accepted", "Rejected"][decision];
  say(`${verb}${done > 1 ? `: ${number(done)} findings of the same words` : ""}.`);
}

// By key: decides on the finding that is looked at, and goes on to the next.
function decideHere(decision) {
  if (!shown.length) return;
  const finding = shown[cursor];
  if (caseOf[finding] === NONE) {
    say("This finding cannot be decided on.", true);
    return;
  }
  if (!canDecide(finding, decision)) {
    say(heldTold(finding), true);
    return;
  }
  decideOn(finding, decision);
  if (cursor < shown.length - 1) look(cursor + 1);
}
