"""The word lists of many languages: as CLDR has them, folded, and read only where two texts are compared."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dedup.decide.lexicon_languages import FOLDER, FUNCTION, NEGATING, languages_of, lexicon_of
from dedup.words import folded_words


@pytest.mark.parametrize("language", FUNCTION)
def test_the_stored_lists_are_those_of_cldr(language: str) -> None:
    pytest.importorskip("babel")
    pytest.importorskip("unicode_rbnf")
    from dedup.decide.lexicon_build import MADE_WITH, made_with, written

    if json.loads((FOLDER / MADE_WITH).read_text("utf-8")) == made_with():
        assert (FOLDER / f"{language}.json").read_text("utf-8") == written(language), "run `make lexicons`"
    else:  # another version of CLDR: the lists can be made, and the months are what they were
        stored = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
        made = json.loads(written(language))
        assert set(made) == set(stored)
        assert {"month 1", "month 12"} <= set(made["months"].values())


def test_every_language_has_its_words_folded() -> None:
    assert set(NEGATING) | {"en"} == set(FUNCTION)
    for language in FUNCTION:
        words = {*FUNCTION[language], *NEGATING.get(language, ())}
        for name, found in json.loads((FOLDER / f"{language}.json").read_text("utf-8")).items():
            assert isinstance(found, list if name in ("places", "short") else dict)
            words.update(found)
        for word in words:
            assert word == "".join(folded_words(word)), (language, word)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The people of the town by the river", "en"),
        ("Die Leute in der Stadt und an dem Fluss", "de"),
        ("Les gens de la ville et du fleuve", "fr"),
        ("La gente de la ciudad y del río", "es"),
        ("Люди в городе и на реке", "ru"),
        ("Люди у місті та на річці", "uk"),
        ("Οι άνθρωποι της πόλης και του ποταμού", "el"),
        ("الناس في المدينة و على النهر", "ar"),
        ("河边的人在城里", "zh"),
        ("町の人は川にいる", "ja"),
        ("도시의 사람들", "ko"),
        ("คนในเมือง", "th"),
        ("שלום לאנשים של העיר", "he"),
        ("शहर के लोग नदी पर", "hi"),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert languages_of(text, text)[0] == language


def test_words_of_other_languages_mean_nothing() -> None:
    """ "mars", "sat", "sin", "once", "due" and "an" are no dates, numbers or negations of an English text."""
    lexicon = lexicon_of(
        languages_of("The man said that the sun is on the sea", "He sat and it was an end of it")
    )
    meaning = {*lexicon.months, *lexicon.days, *lexicon.spans, *lexicon.numbers, *lexicon.negations}
    assert meaning.isdisjoint("mars mai sin no once due an on die nu sei tres".split())
    assert {"march", "three"} <= meaning


def test_nothing_is_read_where_no_two_blocks_are_alike(tmp_path: Path) -> None:
    """What a hook starts with: a file that repeats nothing."""
    (tmp_path / "a.md").write_text(
        "# A page\n\nThe people of the town by the river had waited for this evening.\n"
    )
    code = (
        "import sys\nfrom dedup.cli import main\n"
        "try:\n    main(['check', 'a.md'])\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print([name for name in sys.modules if name.startswith('dedup.decide.lexicon') or 'babel' in name])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "[]"
