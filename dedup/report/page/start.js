// Views, keys, the look of the page, and its start.

const makers = { overview: makeOverview, documents: makeDocuments, repeated: makeRepeated, drift: makeDrift, findings: makeFindings };
const made = new Set();
let singleKeys = true;

function showView() {
  const { view } = state;
  for (const [name] of VIEWS) {
    byId(`view-${name}`).hidden = name !== view;
    const link = byId(`to-${name}`);
    if (name === view) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    if (name === view) byId("views").scrollLeft = link.offsetLeft - byId("views").offsetLeft - 24;
  }
  if (!made.has(view)) {
    made.add(view);
    makers[view]();
  }
  document.title = `${VIEWS.find(([name]) => name === view)[1]} – repeats found by dedup`;
  if (view === "findings") refresh();
}

function makeViews() {
  const counts = { findings: total, drift: report.drift.length };
  byId("views").append(...VIEWS.filter(([name]) => name !== "drift" || report.drift.length).map(([name, title]) =>
    make("a", { id: `to-${name}`, href: `#${name}` }, title, counts[name] ? make("span", { class: "quiet" }, ` ${number(counts[name])}`) : null)));
  if (!report.drift.length) VIEWS.splice(VIEWS.findIndex(([name]) => name === "drift"), 1);
}

function decisionsChanged() {
  const [, accepted, rejected] = countDecisions();
  const decisions = decided.some((each) => each) || elsewhere.length;
  byId("save").disabled = !decisions && !unsaved;
  byId("judged").textContent = `${number(accepted)} accepted, ${number(rejected)} rejected${unsaved ? ", not saved" : ""}`;
  byId("judged").hidden = !decisions && !unsaved;
  byId("read").hidden = !byId("judged").hidden;
  if (made.has("findings") && state.view === "findings") {
    paintList();
    paintDetail();
  }
}

const THEMES = ["system", "light", "dark"];

function setTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  const button = byId("theme");
  button.textContent = { system: "◐", light: "☀", dark: "☾" }[theme];
  button.setAttribute("aria-label", `Colours: ${theme}`);
  button.title = `Colours: ${theme}`;
  button.onclick = () => {
    const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    setTheme(next);
    store.set("theme", next);
    say(`Colours: ${next}.`);
  };
}

function openHelp() {
  byId("keys").showModal();
}

function isTyping(element) {
  return element.matches?.("input:not([type=checkbox]), select, textarea, dialog *");
}

function toFindings() {
  if (state.view !== "findings") location.hash = address({ view: "findings" });
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
  if (event.key === "Escape" && isTyping(event.target)) {
    event.target.blur();
    if (list) list.focus();
    return;
  }
  if (isTyping(event.target)) return;
  const inFindings = state.view === "findings";
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  const letters = {
    j: () => inFindings && look(cursor + 1),
    k: () => inFindings && look(cursor - 1),
    a: () => inFindings && decideHere(ACCEPT),
    r: () => inFindings && decideHere(REJECT),
    u: () => say(undo() ? "Taken back." : "There is nothing to take back.", true),
    "/": () => { toFindings(); setTimeout(() => controls.q.focus(), 0); },
    "?": openHelp,
  };
  const does = singleKeys && letters[event.key];
  if (does) {
    event.preventDefault();
    does();
  } else if (inFindings && event.key in steps && byId("detail").contains(event.target)) {
    event.preventDefault();
    look(cursor + steps[event.key]);
  }
}

async function start() {
  setTheme(THEMES.includes(store.get("theme")) ? store.get("theme") : "system");
  take(await unpack());
  readCases();
  makeViews();
  byId("read").textContent = `${counted(report.summary.documents, "document")}, ${counted(report.summary.blocks, "block")}`;
  recall();
  if (missed) say(MISSED, true);
  decisionsChanged();
  readAddress();
  showView();
  addEventListener("hashchange", () => {
    const before = state.view;
    readAddress();
    showView();
    if (state.view === before) return;
    scrollTo(0, 0);
    byId("main").focus({ preventScroll: true }); // what had the focus is out of sight
  });
  addEventListener("keydown", onKey);
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  byId("skip").addEventListener("click", (event) => { event.preventDefault(); byId("main").focus(); });
  byId("save").addEventListener("click", save);
  byId("load").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) await load(file);
  });
  byId("help").addEventListener("click", openHelp);
  singleKeys = store.get("keys") !== "off";
  byId("single").checked = singleKeys;
  byId("single").addEventListener("change", (event) => {
    singleKeys = event.target.checked;
    store.set("keys", singleKeys ? "on" : "off");
  });
  document.documentElement.dataset.ready = "";
}

start().catch((error) => {
  byId("main").append(make("p", { class: "card" }, `The report could not be shown: ${error.message}`));
});
