// What was decided. A decision is on a pair of texts: it holds for all findings of the same words. To reject keeps the
// words in, whatever the rule; to accept is for the rule that was seen.

const ACCEPT = 1, REJECT = 2;
const DECISIONS = ["", "accept", "reject"];
const FILE = "dedup-decisions.json";
const MISSED = "This run obeyed decisions that are not in this page: load their file first, or what you save is without them.";
const SCHEMA = "dedup-decisions/1";
const HELD = ["structure", "empty"]; // the guards that no decision lifts
const FIELDS = ["pair", "decision", "rule", "text", "twin"];

let caseOf; // for each finding the number of its case, a pair under a rule; -1 where the report names no pair
let cases = []; // for each case the pair's name, the rule, and its first finding
let byPair = new Map(); // the cases by the name of their pair
let alike; // for each case the number of its findings
let bound; // and how many of these stay even where they are accepted
let decided; // for each case what was decided
let given; // for each case what the run obeyed
let elsewhere = []; // decisions of a loaded file that are on no case of this report
let missed = false; // the run obeyed decisions that are not here
let unsaved = false;
const past = [];

function readCases() {
  const numbers = new Map();
  caseOf = new Int32Array(total).fill(NONE);
  const { one, other, hashes, rule, rules } = findings;
  for (let finding = 0; finding < total; finding++) {
    if (one[finding] === NONE) continue;
    const key = (one[finding] * hashes.length + other[finding]) * rules.length + rule[finding];
    let found = numbers.get(key);
    if (found === undefined) {
      found = cases.length;
      numbers.set(key, found);
      const pair = `${hashes[one[finding]]}-${hashes[other[finding]]}`;
      cases.push({ pair, rule: rules[rule[finding]], finding });
      if (byPair.has(pair)) byPair.get(pair).push(found); else byPair.set(pair, [found]);
    }
    caseOf[finding] = found;
  }
  alike = new Uint32Array(cases.length);
  bound = new Uint32Array(cases.length);
  caseOf.forEach((each, finding) => {
    if (each === NONE) return;
    alike[each]++;
    if (staysAnyhow(finding)) bound[each]++;
  });
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
    const found = same.find((at) => cases[at].rule === row.rule) ?? (row.decision === "reject" ? same[0] : undefined);
    if (found === undefined) others.push(row);
    else put(found, DECISIONS.indexOf(row.decision), wanted);
  }
  const loaded = new Set(others.map((row) => `${row.pair} ${row.rule}`));
  const now = new Map(others.map((row) => [row.pair, row.decision]));
  const holds = (row) => !loaded.has(`${row.pair} ${row.rule}`) && (now.get(row.pair) ?? row.decision) === row.decision;
  elsewhere = [...elsewhere.filter(holds), ...others];
  return wanted;
}

// Whether a flag stays whatever is accepted.
const staysAnyhow = (finding) => findings.flag[finding] === 1 && HELD.includes(findings.guards[findings.guard[finding]]);

function decisionOn(finding) {
  const decision = caseOf[finding] === NONE ? 0 : decided[caseOf[finding]];
  return decision === ACCEPT && staysAnyhow(finding) ? 0 : decision;
}

// Whether this can be decided on a finding.
const canDecide = (finding, decision) => caseOf[finding] !== NONE && !(decision === ACCEPT && staysAnyhow(finding));

// How many findings a decision on a case is about.
const aboutHowMany = (case_, decision) => alike[case_] - (decision === ACCEPT ? bound[case_] : 0);

// What a decision on a case makes of all cases of its pair.
function put(case_, decision, into) {
  const { pair, rule } = cases[case_];
  const now = (at) => into.get(at) ?? decided[at];
  for (const at of byPair.get(pair)) {
    const covered = at === case_ || decision === REJECT || (decision === 0 && now(at) === REJECT)
      || (decision === ACCEPT && rule === "exact" && cases[at].rule === "verbatim");
    if (covered) into.set(at, decision);
    else if (decision === ACCEPT && now(at) === REJECT) into.set(at, 0);
  }
}

// What a decision on some findings makes of the cases.
function outcome(chosen, decision) {
  const wanted = new Map();
  for (const finding of chosen) {
    if (canDecide(finding, decision) && wanted.get(caseOf[finding]) !== decision) put(caseOf[finding], decision, wanted);
  }
  return wanted;
}

// Of how many findings this would then be decided: of how many of the chosen ones, and of all.
function reach(chosen, decision) {
  let all = 0;
  for (const [case_, then] of outcome(chosen, decision)) if (then === decision) all += aboutHowMany(case_, decision);
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
    done += aboutHowMany(case_, decision || decided[case_]);
    decided[case_] = decision;
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

// The decisions file: sorted by pair, a decision a line, so that it merges in git.
function decisionsFile() {
  const rows = [];
  cases.forEach(({ pair, rule, finding }, at) => {
    if (!decided[at]) return;
    rows.push({ pair, decision: DECISIONS[decided[at]], rule, text: firstWords(textOf(finding)), twin: firstWords(twinOf(finding) ?? "") });
  });
  const now = new Map(rows.map((row) => [row.pair, row.decision]));
  // What was decided here takes the place of what a loaded file said otherwise.
  for (const row of elsewhere) if ((now.get(row.pair) ?? row.decision) === row.decision) rows.push(row);
  const keys = new Map(rows.map((row) => [row, `${row.pair} ${row.rule}`]));
  rows.sort((one, other) => (keys.get(one) < keys.get(other) ? -1 : 1));
  const lines = rows.map((row) => `{${FIELDS.map((name) => `"${name}": ${JSON.stringify(row[name])}`).join(", ")}}`);
  return `{"schema": "${SCHEMA}", "decisions": [\n${lines.join(",\n")}\n]}\n`;
}

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
      && /^[0-9a-f]{16}-[0-9a-f]{16}$/.test(row.pair) && DECISIONS.indexOf(row.decision) > 0;
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
    found += aboutHowMany(at, decision || given[at]);
  }
  if (!found) return;
  unsaved = true;
  say(`Decisions of your last visit on ${counted(found, "finding")} are here again, not saved yet.`, true);
}
