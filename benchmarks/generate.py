"""A corpus of any size with known duplicates: `python -m benchmarks.generate MEGABYTES OUT.jsonl`.

Paragraphs of 98 words on average, put together from phrases of three to seven words of real text (see README.md;
where it is absent, from a short list of words). Of a hundred paragraphs

- 15 are exact copies of an earlier one, at any distance,
- 10 are near copies: words replaced, inserted, deleted, so that the similarity is spread from 0.8 to 1,
- 3 are near copies of a similarity from 0.65 to 0.8: what must stay,

and the others have nothing earlier that is similar. `--truth FILE` writes a line for each copy: its id, the id of
the earlier paragraph, their exact similarity, with tabs between. The same seed gives the same bytes. A paragraph is
made from the seed and its number alone, so that a copy needs no memory of what it copies.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from benchmarks.bruteforce import Triple, jaccard, triples
from benchmarks.corpora import DataMissing, archive
from dedup.words import folded_words

SEED = 2006
THRESHOLD = 0.8
EXACT, NEAR, UNDER = 0.15, 0.10, 0.03
LOWEST = 0.65
MEAN_WORDS, SPREAD = 98, 0.55
FEWEST, MOST = 12, 600
_PHRASE = (3, 4, 5, 6, 7)

# What stands in for real text.
_WORDS = """
about above across after again along among another answer apple autumn basket because before begin behind between
board bottle branch bread bridge bring brother build butter candle carry cattle chair change child church circle city
clear climb close cloud coast cold corner cotton country cover cross dance dark daughter day deep desk dinner doctor
door dream drive dust early earth east empty engine evening every family farm father field finger fire fish flower
follow forest forget friend garden gather gentle glass grain grass green ground guest hammer hand harbour harvest
heart heavy hill hold honest horse hour house hungry island join journey kitchen ladder lake lamp language large late
laugh leaf learn letter library light listen little lonely market master meadow measure melt middle milk mill minute
money month moon morning mother mountain mouth music narrow needle neighbour never news night north number ocean often
open orange order other paint paper pepper picture piece place plain plant plate play pocket pond power prepare promise
pull quarter question quick quiet rain reach ready remember rest return ribbon rich river road rock roof room root
rough round sail salt sand school season seed sell shadow sharp shelter ship shirt shore short shoulder silver simple
sister sleep slow small smoke snow soft soil song south speak spoon spring square stairs station steam stone storm
story street string strong summer supper swim table teacher thick thin thread throw thunder timber together tomorrow
tower town trade travel tree turn under valley village visit voice wagon walk wall warm watch water wave weather week
west wheat wheel while white wide wind window winter wise wood wool work write yard year yellow yesterday young
""".split()

_SENTENCE = re.compile(r"""(?<=[.!?])['"”’)]*\s+""")
_PLAIN = re.compile(r"""[^\W\d_][\w ,.;:'"()’“”–—%$&/-]*""")


def _real_lines() -> Iterator[str]:
    """The lines of the real text that are prose."""
    for name, ending in (("abc", ".txt"), ("keda-docs", ".md")):
        with tarfile.open(archive(name)) as packed:
            for member in sorted(packed, key=lambda each: each.name):
                if member.isfile() and member.name.endswith(ending):
                    file = packed.extractfile(member)
                    assert file is not None
                    data = file.read()
                    try:
                        text = data.decode("utf-8")
                    except UnicodeDecodeError:
                        text = data.decode("latin-1")
                    yield from (line for line in text.splitlines() if len(line) > 60 and line[0].isalpha())


@cache
def phrases() -> tuple[str, ...]:
    """The distinct phrases that paragraphs are made of."""
    random = Random(SEED)
    try:
        sentences = [s.split() for line in dict.fromkeys(_real_lines()) for s in _SENTENCE.split(line)]
    except DataMissing:
        sentences = [random.choices(_WORDS, k=20) for _ in range(20_000)]
    found: dict[str, None] = {}
    for words in sentences:
        start = 0
        while start + 3 <= len(words):
            size = random.choice(_PHRASE)
            phrase = " ".join(words[start : start + size])
            if len(phrase.split()) >= 3 and _PLAIN.fullmatch(phrase):
                found.setdefault(phrase)
            start += size
    return tuple(found)


@cache
def _folded(token: str) -> tuple[str, ...]:
    return folded_words(token)


def _triples(tokens: Sequence[str]) -> frozenset[Triple]:
    """The word triples of a text given as what stands between its spaces."""
    return triples([word for token in tokens for word in _folded(token)])


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the corpus; `source` and `similarity` only where it is a copy of an earlier one."""

    number: int
    text: str
    source: int | None = None
    similarity: float = 0.0


class Corpus:
    """The rows of a corpus without end, each made from the seed and its number."""

    def __init__(self, seed: int = SEED) -> None:
        self._phrases = phrases()
        self._random = Random()
        self._seed = seed
        self._mu = math.log(MEAN_WORDS) - SPREAD**2 / 2
        self._words_each = sum(_PHRASE) / len(_PHRASE)

    def _begin(self, number: int) -> tuple[Random, float]:
        """The random numbers of a row, and the first of them, which says what the row is."""
        self._random.seed((self._seed << 40) | number)
        return self._random, self._random.random() if number else 1.0

    def _original(self, number: int) -> str:
        random, _ = self._begin(number)
        length = min(MOST, max(FEWEST, random.lognormvariate(self._mu, SPREAD)))
        text = " ".join(random.choices(self._phrases, k=max(3, round(length / self._words_each))))
        return f"{text[0].upper()}{text[1:].rstrip(' ,.;:-–—')}."

    def _source(self, number: int) -> int:
        """The original that a row copies."""
        while True:
            random, what = self._begin(number)
            if what >= EXACT + NEAR + UNDER:
                return number
            number = random.randrange(number)

    def _edited(self, text: str, under: bool, random: Random) -> tuple[str, float] | None:
        """An edited copy and its similarity; None where the text is too short for it."""
        tokens = text.split()
        before = _triples(tokens)
        lowest, highest = (LOWEST, THRESHOLD) if under else (THRESHOLD, 1.0)
        for _ in range(4):
            wanted = random.uniform(lowest, highest)
            edits = round(len(before) * (1 - wanted) / (1 + wanted) / 3)
            words = list(tokens)
            for _ in range(max(1, edits)):
                self._edit(words, random)
            similarity = jaccard(before, _triples(words))
            if lowest <= similarity < highest:
                return " ".join(words), similarity
        return None

    def _edit(self, words: list[str], random: Random) -> None:
        """Replaces, inserts or deletes a word; the first and the last stay."""
        place = random.randrange(1, len(words) - 1)
        what = random.random()
        if what < 0.2 and len(words) > FEWEST:
            del words[place]
            return
        new = random.choice(random.choice(self._phrases).split())
        words[place : place + (what < 0.7)] = [new]

    def row(self, number: int) -> Row:
        """A row by its number."""
        random, what = self._begin(number)
        if what >= EXACT + NEAR + UNDER:
            return Row(number, self._original(number))
        source = self._source(random.randrange(number))
        text = self._original(source)
        if what >= EXACT:
            random, _ = self._begin(number)
            edited = self._edited(text, what >= EXACT + NEAR, random)
            if edited:
                return Row(number, edited[0], source, edited[1])
        return Row(number, text, source, 1.0)

    def rows(self) -> Iterator[Row]:
        """All rows, in order; there is no last."""
        number = 0
        while True:
            yield self.row(number)
            number += 1


def name_of(number: int) -> str:
    """The id of a row."""
    return f"made-{number:08}"


def line_of(identity: str, text: str) -> str:
    """A line of JSONL."""
    return json.dumps({"id": identity, "text": text}, ensure_ascii=False) + "\n"


def write(size: int, path: Path, seed: int = SEED, truth: Path | None = None) -> int:
    """Writes rows until the file has `size` bytes; gives the number of rows."""
    with ExitStack() as stack:
        out = stack.enter_context(path.open("wb", buffering=1 << 20))
        copies = stack.enter_context(truth.open("w", encoding="utf-8", newline="\n")) if truth else None
        written = 0
        for row in Corpus(seed).rows():
            if written >= size:
                return row.number
            written += out.write(line_of(name_of(row.number), row.text).encode("utf-8"))
            if copies and row.source is not None:
                copies.write(f"{name_of(row.number)}\t{name_of(row.source)}\t{row.similarity!r}\n")
    raise AssertionError("rows have no end")


def main() -> int:
    """Writes the corpus that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("megabytes", type=float)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--truth", type=Path, help="where to write what was copied from where")
    arguments = parser.parse_args()
    rows = write(int(arguments.megabytes * 1e6), arguments.out, arguments.seed, arguments.truth)
    print(f"{arguments.out}: {rows:,} paragraphs", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
