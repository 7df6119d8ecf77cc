// What was decided. A decision is on a pair of texts: it holds for all findings of the same words. To reject keeps the
// words in, whatever the rule; to accept is for the rule and the guard that were seen.

const ACCEPT = 1, REJECT = 2;
const DECISIONS = ["", "accept", "reject"];
const FILE = "dedup-decisions.json";
const MISSED = "This run obeyed decisions that are not in this page: load their file first, or what you save is without them.";
const SCHEMA = "dedup-decisions/1";
const AROUND = ["lead-in", "caption", "section", "parallel", "boilerplate", "opening"]; // the guards that ask what stands around
const HELD = ["structure", "empty"]; // the guards that no decision lifts
const FIELDS = ["pair", "decision", "rule", "text", "twin"];

let caseOf; // for each finding the number of its case, a pair under a rule and guard; -1 where the report names no pair
let cases = []; // for each case the pair's name, the rule, the guard or null, and its first finding
let byPair = new Map(); // the cases by the name of their pair
let alike; // for each case the number of its findings
let decided; // for each case what was decided
let given; // for each case what the run obeyed
let elsewhere = []; // decisions of a loaded file that are on no case of this report
let missed = false; // the run obeyed decisions that are not here
let unsaved = false;
const past = [];

function readCases() {
  const numbers = new Map();
  caseOf = new Int32Array(total).fill(NONE);
  const { one, other, hashes, rule, rules, guard, guards } = findings;
  for (let finding = 0; finding < total; finding++) {
    if (one[finding] === NONE) continue;
    const pairAndRule = (one[finding] * hashes.length + other[finding]) * rules.length + rule[finding];
    const key = pairAndRule * (guards.length + 1) + guard[finding] + 1;
    let found = numbers.get(key);
    if (found === undefined) {
      found = cases.length;
      numbers.set(key, found);
      const pair = `${hashes[one[finding]]}-${hashes[other[finding]]}`;
      cases.push({ pair, rule: rules[rule[finding]], guard: guards[guard[finding]] ?? null, finding });
      if (byPair.has(pair)) byPair.get(pair).push(found); else byPair.set(pair, [found]);
    }
    caseOf[finding] = found;
  }
  alike = new Uint32Array(cases.length);
  for (const each of caseOf) if (each !== NONE) alike[each]++;
  decided = new Uint8Array(cases.length);
  takeOver(report.decisions || []).forEach((decision, case_) => { decided[case_] = decision; });
  given = decided.slice();
  missed = report.obeyed && !report.decisions;
}

// What the decisions of a file make of the cases; those on no case are kept for the file that is saved.
function takeOver(rows) {
  const wanted = new Map(), others = [];
  for (const row of rows) {
    const same = byPair.get(row.pair) || [];
    const covered = row.decision === "reject" ? same : same.filter((at) => covers(row, cases[at]));
    if (covered.length) put(row, DECISIONS.indexOf(row.decision), wanted);
    else others.push(row);
  }
  const loaded = new Set(others.map(keyOf));
  const now = new Map(others.map((row) => [row.pair, row.decision]));
  const holds = (row) => !loaded.has(keyOf(row)) && (now.get(row.pair) ?? row.decision) === row.decision;
  elsewhere = [...elsewhere.filter(holds), ...others];
  return wanted;
}

const decisionOn = (finding) => (caseOf[finding] === NONE ? 0 : decided[caseOf[finding]]);

// Whether a finding stays whatever is accepted.
const staysAnyhow = (finding) => HELD.includes(findings.guards[findings.guard[finding]]);

// Whether this can be decided on a finding.
const canDecide = (finding, decision) => caseOf[finding] !== NONE && !(decision === ACCEPT && staysAnyhow(finding));

// Whether who accepted the one accepted the other, of the same pair, as well.
function covers(one, other) {
  if (one.rule !== other.rule && !(one.rule === "exact" && other.rule === "verbatim")) return false;
  if (HELD.includes(other.guard)) return false;
  const guard = one.guard ?? null;
  return other.guard === null || other.guard === guard || (guard === null && !AROUND.includes(other.guard));
}

// What a decision, on a case or as a file has it, makes of all cases of its pair.
function put(one, decision, into) {
  const now = (at) => into.get(at) ?? decided[at];
  for (const at of byPair.get(one.pair)) {
    const other = cases[at];
    const covered = decision === REJECT || (decision === ACCEPT && covers(one, other))
      || (decision === 0 && (other === one || now(at) === REJECT || covers(other, one)));
    if (covered) into.set(at, decision);
    else if (decision === ACCEPT && now(at) === REJECT) into.set(at, 0);
  }
}

// What a decision on some findings makes of the cases.
function outcome(chosen, decision) {
  const wanted = new Map();
  for (const finding of chosen) {
    if (canDecide(finding, decision) && wanted.get(caseOf[finding]) !== decision) put(cases[caseOf[finding]], decision, wanted);
  }
  return wanted;
}

// Of how many findings this would then be decided: of how many of the chosen ones, and of all.
function reach(chosen, decision) {
  let all = 0;
  for (const [case_, then] of outcome(chosen, decision)) if (then === decision) all += alike[case_];
  return { chosen: chosen.reduce((sum, finding) => sum + canDecide(finding, decision), 0), all };
}

// Decides on some findings; gives how many findings that changes.
const decide = (chosen, decision) => change(outcome(chosen, decision));

// Sets decisions, so that they can be taken back; gives the number of findings of which another thing was decided.
function change(wanted) {
  const before = new Map();
  let done = 0;
  for (const [case_, decision] of wanted) {
    if (decided[case_] === decision) continue;
    before.set(case_, decided[case_]);
    decided[case_] = decision;
    done += alike[case_];
  }
  if (!before.size) return 0;
  past.push(before);
  changedDecisions();
  return done;
}

// Takes the last decision back; false where there is none.
function undo() {
  const before = past.pop();
  if (!before) return false;
  for (const [case_, decision] of before) decided[case_] = decision;
  changedDecisions();
  return true;
}

function changedDecisions() {
  unsaved = true;
  remember();
  decisionsChanged();
}

function countDecisions() {
  const counts = [0, 0, 0];
  for (let finding = 0; finding < total; finding++) counts[decisionOn(finding)]++;
  return counts;
}

// The decisions file: sorted by pair, a decision a line.
function decisionsFile() {
  const rows = new Map();
  cases.forEach(({ pair, rule, guard, finding }, at) => {
    if (!decided[at]) return;
    const row = { pair, decision: DECISIONS[decided[at]], rule, text: firstWords(textOf(finding)), twin: firstWords(twinOf(finding) ?? "") };
    if (decided[at] === ACCEPT && guard !== null) row.guard = guard;
    rows.set(keyOf(row), row);
  });
  const now = new Map([...rows.values()].map((row) => [row.pair, row.decision]));
  // What was decided here takes the place of what a loaded file said otherwise.
  for (const row of elsewhere) if ((now.get(row.pair) ?? row.decision) === row.decision) rows.set(keyOf(row), row);
  const lines = [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => {
    const names = typeof row.guard === "string" ? [...FIELDS, "guard"] : FIELDS;
    return `{${names.map((name) => `"${name}": ${JSON.stringify(row[name])}`).join(", ")}}`;
  });
  return `{"schema": "${SCHEMA}", "decisions": [\n${lines.join(",\n")}\n]}\n`;
}

// What tells the decisions of a file apart.
const keyOf = (row) => `${row.pair} ${row.rule} ${row.guard ?? ""}`;

function save() {
  if (missed && !confirm(`${MISSED} Save without them?`)) return;
  const url = URL.createObjectURL(new Blob([decisionsFile()], { type: "application/json" }));
  make("a", { href: url, download: FILE }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  unsaved = false;
  decisionsChanged();
  say(`Saved ${FILE}. Before you clean, check again with --decisions ${FILE}: where something goes, more may be found.`, true);
}

// The decisions that a file holds; what is wrong with it is an Error.
function readDecisions(text) {
  const held = JSON.parse(text);
  if (held?.schema !== SCHEMA || !Array.isArray(held.decisions)) throw new Error("it is no file of decisions");
  held.decisions.forEach((row, at) => {
    const right = FIELDS.every((name) => typeof row?.[name] === "string")
      && (typeof (row.guard ?? "") === "string") && /^[0-9a-f]{16}-[0-9a-f]{16}$/.test(row.pair) && DECISIONS.indexOf(row.decision) > 0;
    if (!right) throw new Error(`number ${at + 1} in it is no decision`);
  });
  return held.decisions;
}

// Takes the decisions of a file over; what was decided here on other findings stays.
async function load(file) {
  let rows;
  try {
    rows = readDecisions(await file.text());
  } catch (error) {
    say(`${file.name} was not loaded: ${error.message}`, true);
    return;
  }
  const other = unsaved || decided.some((each) => each) || elsewhere.length > 0; // then what is here is in no file
  change(takeOver(rows));
  const kept = new Set(elsewhere), others = rows.filter((row) => kept.has(row)).length;
  missed = false;
  unsaved = other;
  decisionsChanged();
  say(`${counted(rows.length, "decision")} loaded, ${number(rows.length - others)} of them on findings of this report.`, true);
}

// What a browser keeps between visits, where it keeps anything for pages from the disk.
const store = {
  get(name) { try { return localStorage.getItem(`dedup ${name}`); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(`dedup ${name}`, value); } catch { /* it keeps nothing, or is full */ } },
};

function remember() {
  const kept = [];
  cases.forEach((_, at) => { if (decided[at] !== given[at]) kept.push(`${at}:${decided[at]}`); });
  store.set(report.key, kept.join(" "));
}

function recall() {
  let found = 0;
  for (const each of (store.get(report.key) || "").split(" ")) {
    const [at, decision] = each.split(":").map(Number);
    if (!(decision in DECISIONS) || !(at in cases)) continue;
    decided[at] = decision;
    found += alike[at];
  }
  if (!found) return;
  unsaved = true;
  say(`Decisions of your last visit on ${counted(found, "finding")} are here again, not saved yet.`, true);
}
