"""What is found, what is judged rightly, and what other tools make of the same: `python -m benchmarks.accuracy`.

Writes the tables into docs/accuracy.md and the plots beside it. `--only` makes some parts alone: similarity, judgement,
headlines, definitions. `--print` leaves the files alone; so does `--quick`, which measures little of everything.
`--failures` prints what dedup judges otherwise than it should, and measures nothing else.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from benchmarks import accuracy_definitions as definitions
from benchmarks import accuracy_headlines as headlines
from benchmarks import accuracy_pairs as labelled
from benchmarks import accuracy_similarity as similarity
from benchmarks import accuracy_tools as tools
from benchmarks.accuracy_pairs import Group, Pair
from benchmarks.accuracy_plots import Axis, Bar, bars_chart, lines_chart, shares
from benchmarks.corpora import ABC, KEDA, DataMissing, abc_blocks, keda_blocks, paragraphs, unpack
from benchmarks.recall import EDITED, corpora
from benchmarks.stages import as_paragraphs
from benchmarks.tables import machine, versions, write_between

PAGE = Path(__file__).resolve().parent.parent / "docs" / "accuracy.md"
PLOTS = PAGE.parent / "assets"
RELEASE = "content/docs/2.21"
LOOK_ALIKE = 0.5
"""Two paragraphs of one release are look-alikes from this Jaccard similarity of word 3-shingles on."""
ALIKE = ("same story", "same template", "same release")
PLOTTED = (
    "dedup",
    "dedup --near remove",
    "gaoya",
    "rensa",
    "datasketch",
    "near-dupes",
    "text-dedup",
    "datatrove",
    "semhash",
)

Plots = dict[str, str]


@dataclass
class Material:
    """The texts and pairs that the parts share, made when they are first asked for."""

    folder: Path
    each: int
    edited: int
    quick: bool
    seconds: dict[str, float] = field(default_factory=dict)

    @cached_property
    def news(self) -> list[str]:
        """The paragraphs of the news, each of one line, that are similar to no other."""
        found = labelled.apart(as_paragraphs(paragraphs(abc_blocks(unpack(ABC, self.folder)))))
        return found[:6000] if self.quick else found

    @cached_property
    def look_alikes(self) -> list[Pair]:
        """Pairs that nobody edited, and which both stay."""
        release = paragraphs(keda_blocks(unpack(KEDA, self.folder) / RELEASE))
        return [
            *labelled.neighbouring_pairs(self.news, self.each),
            *labelled.template_pairs(self.each),
            *labelled.same_release_pairs(release, LOOK_ALIKE, self.each),
        ]

    @cached_property
    def pairs(self) -> list[Pair]:
        """All labelled pairs."""
        used = {text for pair in self.look_alikes for text in (pair.one, pair.other)}
        left = [text for text in self.news if text not in used]
        return [*labelled.edited_pairs(left, self.each), *self.look_alikes]


def similarity_part(material: Material) -> tuple[str, Plots]:
    """What is found, by similarity."""
    texts = corpora(material.folder, material.edited)
    if material.quick:
        texts = {name: some[:2000] for name, some in texts.items()}
    return "\n\n".join([similarity.found_table(texts), similarity.whole_table(texts)]), {}


def judgement_part(material: Material) -> tuple[str, Plots]:
    """What dedup and the other tools make of the labelled pairs."""
    pairs = material.pairs
    answers, failed = tools.ask_all(pairs, material.folder)
    parts = [
        f"{len(pairs):,} pairs. In per cent, with 95 % intervals; the less the better.",
        tools.summary_table(pairs, answers),
        "**Taken though a fact is changed.**",
        tools.group_table(pairs, answers, (Group.CHANGED,)),
        "**Taken though it is another paragraph.**",
        tools.group_table(pairs, answers, (Group.ALIKE,)),
        "**Left though nothing else is said.**",
        tools.group_table(pairs, answers, (Group.HARMLESS, Group.VERBATIM)),
        "**What dedup reports** of the same pairs, by default:",
        tools.bar_table(pairs, answers[0]),
    ]
    if failed:
        parts.append(tools.not_asked(failed))
    return "\n\n".join(parts), judgement_plots(pairs, answers)


def judgement_plots(pairs: Sequence[Pair], answers: Sequence[tools.Answer]) -> Plots:
    """Who takes what should stay and leaves what should go; and what is taken, by similarity."""
    bars = {}
    for answer in answers:
        kinds = labelled.kinds_of(pairs)
        counts = [
            tools.counted(pairs, answer, [kind for kind, group in kinds.items() if group == wanted])
            for wanted in (Group.CHANGED, Group.ALIKE, Group.HARMLESS)
        ]
        bars[answer.name] = [Bar(hits / of, *tools.interval(hits, of)) for hits, of in counts]
    meanings = (
        "taken though a fact is changed",
        "taken though another paragraph",
        "left though harmlessly edited",
    )
    lines = similarity.taken_by_similarity(pairs, answers)
    plotted = {name: line for name, line in lines.items() if name.startswith("dedup") or _begins(name)}
    return {
        "accuracy-tools": bars_chart(
            "Wrongly taken and wrongly left, by tool",
            "For each tool three bars: the share of pairs with a changed fact and of look-alikes of which it takes "
            "one, and the share of harmlessly edited pairs that it leaves; the table gives the numbers.",
            bars,
            meanings,
        ),
        "accuracy-similarity": lines_chart(
            "Share of pairs found, over their similarity",
            "For each tool the share of edited pairs of different words of which it takes or flags one, over the "
            "Jaccard similarity of their word 3-shingles.",
            plotted,
            Axis(
                "Jaccard similarity of word 3-shingles",
                similarity.LOWEST,
                1,
                {n / 10: f"{n / 10:g}" for n in range(4, 11)},
            ),
            shares("pairs of which one is taken or flagged"),
        ),
    }


def _begins(name: str) -> bool:
    return "xxhash" not in name and any(name.startswith(plotted) for plotted in PLOTTED)


def headlines_part(material: Material) -> tuple[str, Plots]:
    """What dedup makes of graded headlines, and what other measures would."""
    pairs = headlines.all_graded()
    scores = headlines.scores_of(pairs, material.folder)
    said = headlines.verdicts(pairs)
    points = headlines.fixed_points(pairs, scores, said)
    same = sum(pair.grade >= headlines.SAME for pair in pairs)
    text = [
        f"{len(pairs):,} graded pairs, {same:,} of grade 4 and more. In per cent, with 95 % intervals.",
        headlines.points_table(points),
        "dedup by year:",
        headlines.years_table(pairs, said),
        "Each measure at the lowest threshold from which, in two years, 95 % of the pairs have grade 4 and more, judged "
        "on the third year; – where no threshold is so good:",
        headlines.left_out_table(pairs, scores),
    ]
    plot = lines_chart(
        "Headlines: precision over recall",
        "For each measure the share of chosen pairs with grade 4 and more over the share of all such pairs that it "
        "chooses, at falling thresholds; and dedup's two points, removed, and removed or flagged.",
        {name: headlines.curve(pairs, found) for name, found in scores.items()},
        shares("recall of the pairs of grade ≥ 4"),
        shares("chosen pairs of grade ≥ 4"),
        {name.replace("*", ""): choice.point() for name, choice in points.items() if "dedup" in name},
    )
    return "\n\n".join(text), {"accuracy-headlines": plot}


def definitions_part(material: Material) -> tuple[str, Plots]:
    """Definitions of similarity, by the length of the paragraphs."""
    each = min(definitions.EACH, material.each)
    pairs = definitions.compared(
        [*definitions.edited(material.news, labelled.SEED, each), *material.look_alikes]
    )
    found = definitions.found_by(pairs)
    text = [
        "At a threshold of 0.8, in per cent by the words of the shorter paragraph. **One stop word** added, dropped or "
        "replaced; the more the better:",
        definitions.length_table(pairs, found, ["one stop word"]),
        "**One word**, any one, made another:",
        definitions.length_table(pairs, found, ["one word"]),
        "**Two words**:",
        definitions.length_table(pairs, found, ["two words"]),
        "**Look-alikes**, of the same story, template or release; the less the better, though guards come after:",
        definitions.length_table(pairs, found, ALIKE),
        "Paragraphs of 8 to 29 words, at the threshold at which each finds 99 % of the pairs with one stop word edited:",
        definitions.thresholds_table(pairs, ["one stop word"], ALIKE),
        "Sentences that people graded, a machine's translation and its edited form, at 0.8:",
        definitions.graded_table(definitions.postedited()),
    ]
    plot = lines_chart(
        "One changed word: what each definition finds, by length",
        "For each definition of similarity the share of paragraphs with one changed word that reach 0.8, over the "
        "number of their words.",
        definitions.curves(pairs, found, "one word"),
        Axis("words of the paragraph", 0, 60, {n: str(n) for n in range(0, 61, 10)}),
        shares("found at 0.8"),
    )
    return "\n\n".join(text), {"accuracy-definitions": plot}


PARTS: dict[str, Callable[[Material], tuple[str, Plots]]] = {
    "similarity": similarity_part,
    "judgement": judgement_part,
    "headlines": headlines_part,
    "definitions": definitions_part,
}


def made(material: Material, names: Sequence[str]) -> Iterator[tuple[str, str, Plots]]:
    """Each part by name, with its tables and plots; the tables end with how long they took."""
    for name in names:
        began = time.perf_counter()
        text, plots = PARTS[name](material)
        took = time.perf_counter() - began
        print(f"{name}: {took:.0f} s", file=sys.stderr, flush=True)
        yield name, f"{text}\n\n{versions('numpy', 'rapidfuzz')}; {machine()}; {took:.0f} s.", plots


def print_failures(material: Material) -> None:
    """The pairs that dedup judges otherwise than it should."""
    rows = labelled.rows_of(material.pairs)
    source = material.folder / "pairs.jsonl"
    tools.write_rows(rows, source)
    for line in tools.failure_lines(material.pairs, tools.ask_dedup(rows, source)):
        print(line)


def _names(given: str) -> list[str]:
    names = [name.strip() for name in given.split(",") if name.strip()]
    for name in names:
        if name not in PARTS:
            raise argparse.ArgumentTypeError(f"no part {name}; there are {', '.join(PARTS)}")
    if not names:
        raise argparse.ArgumentTypeError(f"names no part; there are {', '.join(PARTS)}")
    return names


def main() -> int:
    """Measures, and writes the tables and plots."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--only", type=_names, default=list(PARTS), help="parts, with commas between")
    parser.add_argument("--quick", action="store_true", help="little of everything, printed")
    parser.add_argument("--print", action="store_true", help="leave docs alone")
    parser.add_argument("--failures", action="store_true", help="print the pairs that dedup judges wrongly")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        each = 50 if given.quick else labelled.EACH
        material = Material(Path(folder), each, 500 if given.quick else EDITED, given.quick)
        try:
            if given.failures:
                print_failures(material)
                return 0
            for name, text, plots in made(material, given.only):
                if given.quick or given.print:
                    print(f"## {name}\n\n{text}\n")
                    continue
                write_between(PAGE, name, text)
                PLOTS.mkdir(exist_ok=True)
                for plot, drawn in plots.items():
                    (PLOTS / f"{plot}.svg").write_text(drawn, "utf-8")
        except (DataMissing, tools.CannotRun) as error:
            print(error, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
