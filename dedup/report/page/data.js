// The data of the report, and the making of elements. All text goes in as text nodes, never as markup.

const SCALE = 10000;
const NONE = -1, SAME = -2;

async function unpack() {
  const element = document.getElementById("data");
  const held = element.textContent;
  element.remove();
  if (element.type === "application/json") return JSON.parse(held);
  const letters = atob(held);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

let report, findings, paths, texts, total;
let below = ""; // the folder that all documents are in, with its slash

function take(data) {
  report = data;
  findings = data.findings;
  paths = data.documents.paths;
  texts = data.texts;
  total = findings.line.length;
  const folders = paths.map((path) => path.split("/").slice(0, -1));
  const [first = []] = folders;
  let depth = 0;
  while (depth < first.length && folders.every((parts) => parts[depth] === first[depth])) depth++;
  below = first.slice(0, depth).map((part) => `${part}/`).join("");
}

const textOf = (finding) => texts[findings.text[finding]];

// Null where the report does not have the twin's text.
function twinOf(finding) {
  const number = findings.twin[finding];
  return number === SAME ? textOf(finding) : number === NONE ? null : texts[number];
}

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

function draw(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const byId = (name) => document.getElementById(name);
const number = (value) => value.toLocaleString("en");
const counted = (value, one, many) => `${number(value)} ${value === 1 ? one : many || one + "s"}`;

// Cut, not rounded: what is less than 1 never reads 1.00.
const digits = (parts) => (Math.floor(parts / 100) / 100).toFixed(2);

function percent(part, whole) {
  if (!whole || !part) return "0 %";
  return part * 100 < whole ? "under 1 %" : `${Math.floor((part * 100) / whole)} %`;
}

function size(bytes) {
  if (bytes < 1000) return counted(bytes, "byte");
  const [unit, by] = bytes < 1e6 ? ["kB", 1e3] : ["MB", 1e6];
  return `${(bytes / by).toFixed(bytes < 10 * by ? 1 : 0)} ${unit}`;
}

// A path as seen from the folder that all documents are in.
const short = (path) => path.slice(below.length);

// A path that breaks after its slashes where it does not fit; its parts go from left to right, whatever their script.
function pathOf(path, line) {
  const element = make("bdi", { class: "path", dir: "ltr" });
  for (const part of path.split(/(?<=\/)/)) element.append(make("bdi", { dir: "ltr" }, part), make("wbr"));
  if (line !== undefined) element.append(`:${line}`);
  return element;
}

// The same in one line: of what does not fit, folders go first, from the left, then the end of the name.
function placeOf(path, line) {
  const at = path.lastIndexOf("/") + 1;
  return make("bdi", { class: "path place", dir: "ltr" },
    at ? make("span", { class: "folders" }, make("bdi", { dir: "ltr" }, path.slice(0, at))) : null,
    make("bdi", { class: "name", dir: "ltr" }, path.slice(at)), make("span", {}, `:${line}`));
}

const spot = (document_, line) => pathOf(paths[document_], line);

let sayTimer = 0;
function say(text, loud) {
  const element = byId("said");
  element.textContent = text;
  element.classList.toggle("seen", Boolean(loud));
  clearTimeout(sayTimer);
  if (loud) sayTimer = setTimeout(() => element.classList.remove("seen"), 5000);
}
