"""Paragraphs with words replaced, inserted, deleted and moved, at known rates and from a known seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

RATES = (0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08)
"""The share of the words that an edited copy loses, gains, has replaced or moved; one word at least."""


def _replace(words: list[str], random: Random, vocabulary: Sequence[str]) -> None:
    words[random.randrange(len(words))] = random.choice(vocabulary)


def _insert(words: list[str], random: Random, vocabulary: Sequence[str]) -> None:
    words.insert(random.randrange(len(words) + 1), random.choice(vocabulary))


def _delete(words: list[str], random: Random, vocabulary: Sequence[str]) -> None:
    if len(words) > 1:
        del words[random.randrange(len(words))]


def _move(words: list[str], random: Random, vocabulary: Sequence[str]) -> None:
    length = min(random.randint(1, 5), len(words) - 1)
    start = random.randrange(len(words) - length + 1)
    span = words[start : start + length]
    del words[start : start + length]
    at = random.randrange(len(words) + 1)
    words[at:at] = span


EDITS: dict[str, Callable[[list[str], Random, Sequence[str]], None]] = {
    "replaced": _replace,
    "inserted": _insert,
    "deleted": _delete,
    "moved": _move,
}


def edited(text: str, kind: str, rate: float, random: Random, vocabulary: Sequence[str]) -> str:
    """A copy of a text with a share of its words edited in one way."""
    words = text.split()
    for _ in range(max(1, round(rate * len(words)))):
        EDITS[kind](words, random, vocabulary)
    return " ".join(words)


def lengthened(texts: Sequence[str], random: Random, count: int) -> list[str]:
    """Longer texts, each of two to eight neighbours: in them one edited word changes little."""
    found = []
    for _ in range(count):
        start = random.randrange(len(texts))
        found.append(" ".join(texts[start : start + random.randint(2, 8)]))
    return found


def edited_corpus(texts: Sequence[str], count: int, seed: int) -> list[str]:
    """Texts with an edited copy of each, `2 * count` in all, in an order that has no meaning.

    Half are paragraphs as they are, half are joined from neighbours; the ways and rates of editing take turns.
    """
    random = Random(seed)
    vocabulary = [word for text in texts for word in text.split()]
    long_enough = [text for text in texts if len(text.split()) >= 15]
    originals = random.sample(long_enough, min(count - count // 2, len(long_enough)))
    originals += lengthened(texts, random, count // 2)
    turns = [(kind, rate) for rate in RATES for kind in EDITS]
    copies = [
        edited(text, *turns[number % len(turns)], random, vocabulary) for number, text in enumerate(originals)
    ]
    corpus = [*originals, *copies]
    random.shuffle(corpus)
    return corpus


def filled_template(template: str, texts: Sequence[str], count: int, seed: int) -> list[str]:
    """One template filled in many ways, with a copy of each that differs in one word more, `2 * count` in all.

    Three words of the template differ from text to text: two texts are similar, but less than a text and its copy.
    """
    random = Random(seed)
    vocabulary = [word for text in texts for word in text.split()]
    words = template.split()
    places = [len(words) // 12, len(words) // 3, 2 * len(words) // 3]

    def fill(words: list[str], places: Sequence[int]) -> str:
        filled = list(words)
        for place in places:
            filled[place] = f"{random.choice(vocabulary)}{random.randrange(1000)}"
        return " ".join(filled)

    originals = [fill(words, places) for _ in range(count)]
    corpus = [*originals, *(fill(text.split(), places[:1]) for text in originals)]
    random.shuffle(corpus)
    return corpus
