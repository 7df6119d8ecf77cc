"""Cleaning twice changes nothing, also where more is similar than is looked at: crowded bands, crowds of headlines."""

from __future__ import annotations

import random

import pytest

from dedup import Cleaner, Settings, document
from dedup.match import memory

WORDS = (
    "quietly slowly gladly calmly boldly wisely kindly warmly coldly deeply fairly firmly freely gently grimly justly "
    "keenly loudly madly meekly mildly neatly nicely oddly openly partly plainly poorly proudly rarely rudely sadly "
    "safely sharply shyly simply softly stiffly sweetly tamely thinly tidily vainly vaguely weakly wildly"
).split()


def twice(text: str, **options: object) -> tuple[int, int]:
    """How many blocks go the first time, and how many the second."""
    settings = Settings.of(options)
    first = Cleaner(settings).clean(document(text, "a.md"))
    second = Cleaner(settings).clean(document(first.content, "a.md"))
    return len(first.removals), len(second.removals)


@pytest.mark.parametrize("seed", range(12))
def test_more_similar_headlines_than_are_compared(seed: int) -> None:
    generator = random.Random(seed)
    parts = []
    for number in range(60):
        first, second = generator.choice(WORDS), generator.choice(WORDS[:6])
        parts.append(
            f"## the board {first} and {second} agreed that the old bridge over the river should stay open"
        )
        if generator.random() < 0.7:
            parts.append(f"Paragraph {number} says {' '.join(generator.sample(WORDS, 9))}.")
    went, more = twice("\n\n".join(parts) + "\n", headlines="remove", near="remove")
    assert went
    assert more == 0


@pytest.mark.parametrize("seed", range(3))
def test_more_similar_paragraphs_than_a_band_names(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "CROWD", 4)
    monkeypatch.setattr("dedup.decide.CROWD", 4)
    generator = random.Random(seed)
    base = [generator.choice(WORDS) for _ in range(60)]
    parts = []
    for _ in range(80):
        words = list(base)
        for place in generator.sample(range(60), generator.choice((1, 2, 4, 6))):
            words[place] = generator.choice(WORDS)
        parts.append(f"Then {' '.join(words)}.")
    went, more = twice("\n\n".join(parts) + "\n", near="remove")
    assert went
    assert more == 0


def test_a_headline_whose_nearest_twin_went_has_another() -> None:
    title = "Harbour board votes for a second ferry berth at Eastquay"
    titles = (f"{title} again", title, title)
    parts = [
        f"## {each}\n\nWhat was said there {number} " + "time and again. " * number
        for number, each in enumerate(titles)
    ]
    assert twice("\n\n".join(["Some text.", *parts]) + "\n", headlines="remove", near="remove") == (2, 0)
