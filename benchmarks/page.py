"""The HTML report in a browser: how long it takes to write, to open and to filter, and how large it is.

python -m benchmarks.page [--findings 50000] [--runs 5]
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.corpora import DataMissing, unpack
from benchmarks.process import dedup
from dedup.report.files import write_report
from dedup.report.model import DocumentEntry, Flag, Place, Removal, Report, Summary

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# Filters that leave little and much: typed as a person does, from the last key to the painted result.
FILTER = """async ([name, value]) => {
  const control = document.getElementById(`by-${name}`), count = document.getElementById("count");
  const began = performance.now();
  const changed = new Promise((done) => new MutationObserver(done).observe(count, { childList: true }));
  control.value = value;
  control.dispatchEvent(new Event(control.tagName === "SELECT" ? "change" : "input"));
  await changed;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}"""


class NoBrowser(Exception):
    """There is no browser to measure in; its text says how to get one."""


@contextmanager
def browser() -> Iterator[Any]:
    """The system's Chromium, driven by Playwright."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        raise NoBrowser("no Playwright: pip install playwright") from None
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise NoBrowser("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


def made_report(findings: int, *, words: int = 40, documents: int = 2000) -> Report:
    """A report of so many findings with as many different texts: near-duplicates, each with a word changed."""
    random = Random(50_000)
    syllables = "ka lo mi ren tas vu del bor sti ne gra pul osh im ber ty wan qui fel dro".split()
    vocabulary = ["".join(random.choices(syllables, k=random.randint(1, 4))) for _ in range(8000)]
    names = [f"docs/{number % 23}.x/part-{number % 7}/page-{number}.md" for number in range(documents)]
    report = Report(settings={"threshold": 0.8}, tool={"name": "dedup", "version": "0"})
    for number in range(findings):
        text = random.choices(vocabulary, k=words)
        twin = [*text]
        twin[random.randrange(words)] = random.choice(vocabulary)
        common: dict[str, Any] = {
            "document": names[number * documents // findings],
            "start": number * 1000,
            "end": number * 1000 + 300,
            "line": number % 500 + 1,
            "end_line": number % 500 + 1,
            "kind": "paragraph",
            "rule": "near",
            "similarity": random.uniform(0.8, 0.999),
            "run": number,
            "kept": Place(random.choice(names), 0, 300, random.randint(1, 500), text=" ".join(twin)),
            "text": " ".join(text) + "\n",
            "pair": f"{random.getrandbits(64):016x}-{random.getrandbits(64):016x}",
        }
        if number % 3:
            report.removals.append(Removal(**common, raw=b""))
        else:
            report.flags.append(Flag(**common, guard=random.choice(["number", "date", "name", None])))
    report.documents = [DocumentEntry(name, "", "") for name in names]
    removed, flagged = len(report.removals), len(report.flags)
    size = findings * 300
    report.summary = Summary(documents, findings * 2, removed, flagged, size * 2, size)
    return report


def measured(page: Path, opened: Any, runs: int) -> tuple[float, float]:
    """The seconds from navigation to a page that takes input, and the longest of the filters in milliseconds."""
    opening, filtering = [], []
    for _ in range(runs):
        tab = opened.new_page(viewport={"width": 1280, "height": 800})
        began = perf_counter()
        tab.goto(f"{page.as_uri()}#findings")
        tab.wait_for_selector("html[data-ready]")
        opening.append(perf_counter() - began)
        for name, value in (
            ("q", "th"),
            ("q", "the key"),
            ("q", ""),
            ("rule", "near"),
            ("min", "0.9"),
            ("path", "1"),
        ):
            filtering.append(tab.evaluate(FILTER, [name, value]))
        tab.close()
    return median(opening), max(filtering)


def main() -> int:
    """Prints a line for each report; 2 where there is no browser."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    try:
        with TemporaryDirectory() as name, browser() as opened:
            folder = Path(name)
            print(
                "| report | written in | size | open | slowest filter |\n| --- | ---: | ---: | ---: | ---: |"
            )
            report = made_report(options.findings)
            began = perf_counter()
            write_report(report, folder / "made.html")
            line(
                f"{options.findings:,} made",
                perf_counter() - began,
                folder / "made.html",
                opened,
                options.runs,
            )
            try:
                root = unpack("keda-docs", folder)
            except DataMissing as error:
                print(error, file=sys.stderr)
                return 0
            done = dedup("check", root.name, "--report", "keda.html", cwd=folder)
            line("keda-docs, with the check", done.seconds, folder / "keda.html", opened, options.runs)
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def line(title: str, written: float, page: Path, opened: Any, runs: int) -> None:
    """Prints what was measured of one report."""
    opens, filters = measured(page, opened, runs)
    size = page.stat().st_size / 1e6
    print(f"| {title} | {written:.1f} s | {size:.2f} MB | {opens:.2f} s | {filters:.0f} ms |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
