// The words in which two texts differ, and what rules and guards mean.

const segmenter = typeof Intl.Segmenter === "function" ? new Intl.Segmenter(undefined, { granularity: "word" }) : null;

const LONGEST = 40000; // characters; longer texts are cut by spaces alone
const FARTHEST = 300; // words that differ; texts that are less alike are marked as a whole

const isSpace = (piece) => !piece.trim();

// Words and signs, and the space between them as one piece: pieces that together are the text.
function pieces(text) {
  const found = segmenter && text.length <= LONGEST
    ? Array.from(segmenter.segment(text), (each) => each.segment)
    : text.match(/\s+|[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu) || [];
  const joined = [];
  for (const piece of found) {
    if (joined.length && isSpace(piece) && isSpace(joined[joined.length - 1])) joined[joined.length - 1] += piece;
    else joined.push(piece);
  }
  return joined;
}

// For each of two texts its pieces, and which of them the other does not have in this place.
function compare(one, other) {
  const left = pieces(one).map((text) => ({ text, differs: false }));
  const right = pieces(other).map((text) => ({ text, differs: false }));
  const a = left.filter((piece) => !isSpace(piece.text));
  const b = right.filter((piece) => !isSpace(piece.text));
  let start = 0;
  while (start < a.length && start < b.length && a[start].text === b[start].text) start++;
  let ends = [a.length, b.length];
  while (ends[0] > start && ends[1] > start && a[ends[0] - 1].text === b[ends[1] - 1].text) ends = [ends[0] - 1, ends[1] - 1];
  const middle = [a.slice(start, ends[0]), b.slice(start, ends[1])];
  const changes = edits(...middle);
  for (const side of [left, right]) joinSpaces(side);
  return { left, right, changes };
}

// Myers' shortest edit script. Marks the pieces that differ and gives the places where they stand for one another.
function edits(a, b) {
  const n = a.length, m = b.length;
  const most = Math.min(n + m, FARTHEST);
  const steps = [];
  let ends = new Map([[1, 0]]);
  let found = -1;
  search: for (let d = 0; d <= most; d++) {
    steps.push(new Map(ends));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (ends.get(k - 1) ?? -1) < (ends.get(k + 1) ?? -1));
      let x = down ? ends.get(k + 1) : ends.get(k - 1) + 1;
      let y = x - k;
      while (x < n && y < m && a[x].text === b[y].text) { x++; y++; }
      ends.set(k, x);
      if (x >= n && y >= m) { found = d; break search; }
    }
  }
  if (found < 0) {
    for (const piece of [...a, ...b]) piece.differs = true;
  } else {
    let x = n, y = m;
    for (let d = found; d > 0; d--) {
      const last = steps[d], k = x - y;
      const down = k === -d || (k !== d && (last.get(k - 1) ?? -1) < (last.get(k + 1) ?? -1));
      const from = down ? k + 1 : k - 1;
      const fromX = last.get(from);
      const fromY = fromX - from;
      while (x > fromX + (down ? 0 : 1) && y > fromY + (down ? 1 : 0)) { x--; y--; }
      if (down) b[--y].differs = true; else a[--x].differs = true;
    }
  }
  return changed(a, b);
}

function changed(a, b) {
  const changes = [];
  let x = 0, y = 0;
  while (x < a.length || y < b.length) {
    const gone = [], came = [];
    while (x < a.length && a[x].differs) gone.push(a[x++].text);
    while (y < b.length && b[y].differs) came.push(b[y++].text);
    if (gone.length || came.length) changes.push([gone.join(" "), came.join(" ")]);
    else { x++; y++; }
  }
  return changes;
}

// The space between two pieces that differ is marked with them.
function joinSpaces(side) {
  for (let at = 1; at + 1 < side.length; at++) {
    if (isSpace(side[at].text) && side[at - 1].differs && side[at + 1].differs) side[at].differs = true;
  }
}

// A text whose pieces are compared, the differing ones in elements of their own.
function marked(side, tag) {
  const parts = [];
  for (const piece of side) {
    const last = parts[parts.length - 1];
    if (last && last.differs === piece.differs) last.text += piece.text;
    else parts.push({ ...piece });
  }
  return parts.map((part) => (part.differs ? make(tag, {}, part.text) : part.text));
}

// The beginning of a text in one line, as the terminal's report has it.
function firstWords(text, limit = 60) {
  const flat = text.slice(0, 8 * limit).split(/\s+/).filter(Boolean).join(" ");
  const signs = Array.from(flat);
  if (signs.length <= limit) return flat + (text.length > 8 * limit ? "…" : "");
  const head = signs.slice(0, limit + 1).join("");
  const at = head.lastIndexOf(" ");
  return `${at > limit / 2 ? head.slice(0, at) : signs.slice(0, limit).join("")}…`;
}

const RULES = new Map(Object.entries({
  verbatim: "The two are the same, byte for byte.",
  exact: "The two have the same words; only markup, spacing or signs differ.",
  near: "Nearly all of the words are the same.",
  headline: "A headline that says what an earlier one says.",
}));

const GUARDS = new Map(Object.entries({
  link: "They link to different places: the reader would be sent elsewhere.",
  date: "A date, a time or a span of time differs: it may be another event.",
  number: "A number differs, and with it what is said.",
  unit: "The unit of a number differs, and with it what is said.",
  currency: "An amount of money or its currency differs.",
  percent: "A percentage differs.",
  version: "A version differs: each may be right for its own.",
  negation: "One says what the other denies.",
  opposite: "A word stands for its opposite.",
  accent: "An accent makes another word of one.",
  word: "In so short a text, a word that stands for another says something else.",
  order: "The same words in other parts: who does it to whom may be another.",
  wording: "Headlines that are alike, and not surely say the same.",
  identifier: "Code or an identifier differs: another thing is named.",
  name: "A name differs: it may be said of somebody or something else.",
  "lead-in": "It introduces what stays below it, which would stand without a word.",
  caption: "It is a note to what stays above it.",
  parallel: "The pages follow one pattern, and each must be complete.",
  boilerplate: "A short statement that each page must make.",
  opening: "It opens a section that goes on, which would begin in the middle.",
  structure: "Without it something would be empty, broken or lead nowhere.",
  section: "What it heads or explains stays.",
  empty: "Nothing would be left of the document or row.",
}));

const ruleTold = (rule) => RULES.get(rule) || `The rule is “${rule}”.`;
const guardTold = (guard) => GUARDS.get(guard) || `The guard “${guard}” keeps it: what differs may matter.`;
