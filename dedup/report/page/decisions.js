// What was decided. A decision is on a pair of texts: it holds for all findings of the same words.

const ACCEPT = 1, REJECT = 2;
const DECISIONS = ["", "accept", "reject"];
const SCHEMA = "dedup-decisions/1";

let pairOf; // for each finding the number of its pair, -1 where the report has none
let pairs = []; // for each pair its name and its first finding
let alike; // for each pair the number of its findings
let decided; // for each pair what was decided
let elsewhere = new Map(); // decisions of a loaded file on pairs that are not in this report
let unsaved = false;
const past = [];

function readPairs() {
  const numbers = new Map();
  pairOf = new Int32Array(total).fill(NONE);
  const { one, other, hashes } = findings;
  for (let finding = 0; finding < total; finding++) {
    if (one[finding] === NONE) continue;
    const key = one[finding] * hashes.length + other[finding];
    let pair = numbers.get(key);
    if (pair === undefined) {
      pair = pairs.length;
      numbers.set(key, pair);
      pairs.push({ name: `${hashes[one[finding]]}-${hashes[other[finding]]}`, finding });
    }
    pairOf[finding] = pair;
  }
  alike = new Uint32Array(pairs.length);
  for (const pair of pairOf) if (pair !== NONE) alike[pair]++;
  decided = new Uint8Array(pairs.length);
}

const decisionOn = (finding) => (pairOf[finding] === NONE ? 0 : decided[pairOf[finding]]);

// Decides on the pairs of some findings; gives how many findings that are, and how many could not be decided on.
function decide(chosen, decision) {
  const before = new Map();
  let without = 0;
  for (const finding of chosen) {
    const pair = pairOf[finding];
    if (pair === NONE) without++;
    else if (decided[pair] !== decision) before.set(pair, decided[pair]);
  }
  change(before, () => decision);
  let done = 0;
  for (const pair of before.keys()) done += alike[pair];
  return { done, without };
}

function change(before, to) {
  if (!before.size) return;
  past.push({ before, elsewhere });
  for (const pair of before.keys()) decided[pair] = to(pair);
  changedDecisions();
}

// Takes the last decision back; false where there is none.
function undo() {
  const last = past.pop();
  if (!last) return false;
  for (const [pair, decision] of last.before) decided[pair] = decision;
  elsewhere = last.elsewhere;
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
  for (const pair of pairOf) if (pair !== NONE) counts[decided[pair]]++;
  return counts;
}

// The decisions file: sorted by pair, a decision a line, so that it merges in git.
function decisionsFile() {
  const lines = [];
  for (const [name, row] of elsewhere) lines.push([name, row]);
  pairs.forEach(({ name, finding }, pair) => {
    if (!decided[pair]) return;
    lines.push([name, {
      pair: name,
      decision: DECISIONS[decided[pair]],
      rule: findings.rules[findings.rule[finding]],
      text: firstWords(textOf(finding)),
      twin: firstWords(twinOf(finding) ?? ""),
    }]);
  });
  lines.sort(([one], [other]) => (one < other ? -1 : 1));
  const rows = lines.map(([, row]) => {
    const fields = Object.entries(row).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
    return `{${fields.join(", ")}}`;
  });
  return `{"schema": "${SCHEMA}", "decisions": [\n${rows.join(",\n")}\n]}\n`;
}

function save() {
  const url = URL.createObjectURL(new Blob([decisionsFile()], { type: "application/json" }));
  make("a", { href: url, download: "decisions.json" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  unsaved = false;
  decisionsChanged();
  say("Saved decisions.json. Give it to dedup clean with --decisions.", true);
}

// Takes the decisions of a file over; what is wrong with it is said.
async function load(file) {
  let rows;
  try {
    const held = JSON.parse(await file.text());
    if (held.schema !== SCHEMA || !Array.isArray(held.decisions)) throw new Error("it is no decisions file");
    rows = held.decisions;
    for (const row of rows) {
      if (!/^[0-9a-f]{16}-[0-9a-f]{16}$/.test(row.pair) || !["accept", "reject"].includes(row.decision)) {
        throw new Error("it holds what is no decision");
      }
    }
  } catch (error) {
    say(`${file.name} was not loaded: ${error.message}`, true);
    return;
  }
  const numbers = new Map(pairs.map(({ name }, pair) => [name, pair]));
  const before = new Map(), to = new Map(), others = new Map(elsewhere);
  for (const row of rows) {
    const pair = numbers.get(row.pair);
    const decision = DECISIONS.indexOf(row.decision);
    if (pair === undefined) others.set(row.pair, row);
    else if (decided[pair] !== decision) { before.set(pair, decided[pair]); to.set(pair, decision); }
  }
  const hadUnsaved = unsaved;
  change(before, (pair) => to.get(pair));
  elsewhere = others;
  unsaved = hadUnsaved;
  decisionsChanged();
  const found = rows.length - [...others.keys()].filter((name) => !numbers.has(name)).length;
  say(`${counted(rows.length, "decision")} loaded, ${number(Math.max(found, 0))} of them on findings of this report.`, true);
}

// What a browser keeps between visits, where it keeps anything for pages from the disk.
const store = {
  get(name) { try { return localStorage.getItem(`dedup ${name}`); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(`dedup ${name}`, value); } catch { /* it keeps nothing, or is full */ } },
};

function remember() {
  const kept = [];
  pairs.forEach(({ name }, pair) => { if (decided[pair]) kept.push(`${name}${decided[pair]}`); });
  store.set(report.key, kept.join(" "));
}

function recall() {
  const numbers = new Map(pairs.map(({ name }, pair) => [name, pair]));
  let found = 0;
  for (const each of (store.get(report.key) || "").split(" ")) {
    const pair = numbers.get(each.slice(0, -1)), decision = Number(each.slice(-1));
    if (pair === undefined || !DECISIONS[decision]) continue;
    decided[pair] = decision;
    found++;
  }
  if (!found) return;
  unsaved = true;
  say(`${counted(found, "decision")} of your last visit ${found === 1 ? "is" : "are"} here again, not saved yet.`, true);
}
