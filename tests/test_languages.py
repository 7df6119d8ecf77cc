"""Articles in sixteen languages, what an editor of each would take out, and the promises on all of them."""

from __future__ import annotations

import html
import json
import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup import Cleaned, Cleaner, Document, Report, Settings, clean, document, kernel
from dedup.report.files import read_report
from dedup.report.graphemes import graphemes
from dedup.report.model import Flag, Removal
from dedup.restore import restore
from dedup.words import folded_words

FIXTURES = Path(__file__).parent.parent / "fixtures" / "languages"
LANGUAGES = sorted(folder.name for folder in FIXTURES.iterdir())

# Another guard may be asked first and object too: where no capitals show names, any word may be one.
GUARDS = {
    "number": ("number", "currency", "unit"),
    "negation": ("negation", "name"),
    "name": ("name", "negation"),
    "accent": ("accent",),
}


@dataclass(frozen=True)
class Expected:
    line: int
    outcome: str
    rule: str
    twin: int
    why: str


def article(language: str) -> Path:
    (path,) = (FIXTURES / language).glob("article.*")
    return path


def blocks_of(text: bytes) -> list[str]:
    return text.decode().rstrip("\n").split("\n\n")


@cache
def left_in(language: str) -> frozenset[int]:
    """The lines of harmless changes that are flagged and stay: where no capitals show names, any word may be one."""
    path = article(language)
    report, _ = work(document(path.read_bytes(), path.name))
    harmless = {each.line for each in expected(language) if each.outcome == "harmless"}
    return frozenset(flag.line for flag in report.flags if flag.line in harmless)


def cleaned_text(language: str) -> bytes:
    """What an editor would leave, and what is flagged that need not be."""
    (path,) = (FIXTURES / language).glob("cleaned.*")
    text = path.read_bytes()
    blocks = blocks_of(article(language).read_bytes())
    for line in left_in(language):
        # The block stands there behind the same one as in the article.
        number = line // 2
        following = f"\n\n{blocks[number + 1]}\n\n{blocks[number + 2]}\n".encode()
        assert text.endswith(following)
        text = text.removesuffix(following) + f"\n\n{blocks[number]}".encode() + following
    return text


def expected(language: str) -> list[Expected]:
    rows = (FIXTURES / language / "expected.tsv").read_text("utf-8").splitlines()[1:]
    return [
        Expected(int(line), outcome, rule, int(twin), why)
        for line, outcome, rule, twin, why in (row.split("\t") for row in rows)
    ]


def outcomes(report: Report, shift: int = 0) -> list[tuple[int, str, str, int]]:
    kinds = {Removal: "removed", Flag: "flagged"}
    found = [
        (finding.line - shift, kinds[type(finding)], finding.rule, finding.kept.line - shift)
        for finding in report.findings
    ]
    return sorted(found)


def told(language: str) -> list[tuple[int, str, str, int]]:
    outcome = {"harmless": "flagged" if left_in(language) else "removed"}
    return [
        (each.line, outcome.get(each.outcome, each.outcome), each.rule, each.twin)
        for each in expected(language)
        if each.outcome != "stays"
    ]


def work(*documents: Document, **options: object) -> tuple[Report, list[bytes]]:
    cleaner = Cleaner(Settings.of(**options))
    texts = [cleaned.content for cleaned in cleaner.feed(documents)]
    return cleaner.report, texts


@pytest.fixture(params=["compiled", "reference"])
def each_kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.param == "reference":
        monkeypatch.setattr(kernel, "compiled", None)
    elif kernel.compiled is None:
        pytest.skip("there is no compiled kernel")
    return


@pytest.mark.usefixtures("each_kernel")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_editor_expects(language: str) -> None:
    path = article(language)
    report, (text,) = work(document(path.read_bytes(), path.name))
    assert outcomes(report) == told(language)
    assert text == cleaned_text(language)
    why = {each.line: each.why for each in expected(language)}
    for flag in report.flags:
        assert flag.guard in GUARDS.get(why[flag.line], ("name",))
    again, (twice,) = work(document(text, path.name))
    assert not again.removals
    assert twice == text


def test_what_was_removed_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sources = {}
    for language in LANGUAGES:
        path = Path(language + article(language).suffix)
        path.write_bytes(article(language).read_bytes())
        sources[path] = path.read_bytes()
    clean(*sources, in_place=True, report="report.json")
    for path in sources:
        assert path.read_bytes() == cleaned_text(path.stem)
    restore(read_report(Path("report.json")))
    assert {path: path.read_bytes() for path in sources} == sources


@pytest.mark.usefixtures("each_kernel")
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize(("suffix", "form"), [(".txt", "text"), (".md", "markdown")])
def test_rows_are_cleaned_as_files_are(tmp_path: Path, suffix: str, form: str, ascii_only: bool) -> None:
    languages = [language for language in LANGUAGES if article(language).suffix == suffix]
    rows = [{"id": language, "text": article(language).read_bytes().decode()} for language in languages]
    lines = (json.dumps(row, ensure_ascii=ascii_only) + "\n" for row in rows)
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(lines), "utf-8")
    clean(source, output=target, text_format=form)
    texts = [json.loads(line)["text"] for line in target.read_text("utf-8").splitlines()]
    assert texts == [cleaned_text(language).decode() for language in languages]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_other_forms_of_unicode(language: str, encoding: str) -> None:
    mark = "" if encoding == "utf-8-sig" else "\ufeff"
    data = (mark + article(language).read_bytes().decode()).encode(encoding)
    report, (text,) = work(document(data, article(language).name))
    assert outcomes(report) == told(language)
    assert text == (mark + cleaned_text(language).decode()).encode(encoding)


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("ar", "windows-1256"),
        ("de", "windows-1252"),
        ("el", "windows-1253"),
        ("el", "iso-8859-7"),
        ("he", "windows-1255"),
        ("he", "iso-8859-8-i"),
        ("ja", "shift_jis"),
        ("ja", "euc-jp"),
        ("ko", "euc-kr"),
        ("ru", "windows-1251"),
        ("ru", "koi8-r"),
        ("th", "windows-874"),
        ("tr", "windows-1254"),
        ("uk", "koi8-u"),
        ("vi", "windows-1258"),
        ("zh", "gb18030"),
    ],
)
def test_pages_in_the_encoding_that_they_declare(language: str, encoding: str) -> None:
    """Each block is an element where it stands in the article; what the encoding lacks is a character reference."""
    shift = 6
    head = f"<!DOCTYPE html>\n<html>\n<head>\n<meta charset={encoding}>\n</head>\n<body>\n"
    blocks = blocks_of(article(language).read_bytes())
    gone = {line for line, outcome, _, _ in told(language) if outcome == "removed"}

    def page(numbers: list[int]) -> bytes:
        elements = []
        for number in numbers:
            block = blocks[number]
            level = "h1" if number == 0 else "h2" if block.startswith("## ") else "p"
            elements.append(f"<{level}>{html.escape(block.lstrip('# '), quote=False)}</{level}>")
        whole = head + "\n\n".join(elements) + "\n\n</body>\n</html>\n"
        codec = {"windows-874": "cp874", "iso-8859-8-i": "iso-8859-8"}.get(encoding, encoding)
        return whole.encode(codec, "xmlcharrefreplace")

    every = list(range(len(blocks)))
    report, (text,) = work(document(page(every), "page.html"))
    assert outcomes(report, shift) == told(language)
    assert text == page([number for number in every if 2 * number + 1 not in gone])


@pytest.mark.parametrize("language", LANGUAGES)
def test_hard_wrapped(language: str) -> None:
    """Lines of a width, broken where words end, or between any two letters where a script has no spaces."""

    def wrapped(block: str) -> str:
        if language in ("ja", "km", "th", "zh"):
            letters = list(graphemes(block))
            return "\n".join("".join(letters[at : at + 30]) for at in range(0, len(letters), 30))
        return textwrap.fill(block, 64, break_on_hyphens=False, break_long_words=False)

    blocks = [
        block if block.startswith("#") else wrapped(block)
        for block in blocks_of(article(language).read_bytes())
    ]
    # Where each block begins, and where it does in the article.
    begins = accumulate((block.count("\n") + 2 for block in blocks), initial=1)
    line = {begin: 2 * number + 1 for number, begin in enumerate(begins)}
    report, _ = work(document("\n\n".join(blocks) + "\n", article(language).name))
    found = [(line[at], outcome, rule, line[twin]) for at, outcome, rule, twin in outcomes(report)]
    assert found == told(language)


def test_german_in_undeclared_bytes() -> None:
    """Without a declaration the bytes are read as Windows-1252, which has every letter of the article."""

    def written(text: bytes) -> bytes:
        return unicodedata.normalize("NFC", text.decode()).encode("windows-1252")

    report, (text,) = work(document(written(article("de").read_bytes()), "a.txt"))
    assert outcomes(report) == told("de")
    assert text == written(cleaned_text("de"))


@pytest.mark.usefixtures("each_kernel")
def test_all_languages_side_by_side_in_one_batch_or_many() -> None:
    """Each article twice: no language changes what happens to another, and the second of each is a copy."""
    documents = [
        document(article(language).read_bytes(), f"{folder}/{language}{article(language).suffix}")
        for folder in ("a", "b")
        for language in LANGUAGES
    ]
    whole, texts = work(*documents)
    cleaner = Cleaner(Settings.of())
    apart = [cleaned.content for each in documents for cleaned in cleaner.feed([each])]
    assert apart == texts
    assert cleaner.report.findings == whole.findings
    assert texts[: len(LANGUAGES)] == [cleaned_text(language) for language in LANGUAGES]
    assert not b"".join(texts[len(LANGUAGES) :]).strip()


def paragraphs(language: str) -> list[str]:
    return [block for block in article(language).read_bytes().decode().split("\n\n") if len(block) > 90]


EVERY = [block for language in LANGUAGES for block in paragraphs(language)]
forms = st.sampled_from(("NFC", "NFD", "NFKC", "NFKD"))
mixed = st.lists(
    st.lists(
        st.tuples(st.sampled_from(EVERY), st.none() | forms).map(
            lambda each: each[0] if each[1] is None else unicodedata.normalize(each[1], each[0])
        )
        | st.lists(st.sampled_from(EVERY).map(lambda block: block[:60]), max_size=3).map(" ".join),
        max_size=6,
    ).map(lambda blocks: "\n\n".join(blocks).encode()),
    min_size=1,
    max_size=3,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=mixed, preset=st.sampled_from(("prose", "docs", "corpus")))
def test_the_promises_hold_where_scripts_are_mixed(texts: list[bytes], preset: str) -> None:
    documents = [document(text, f"{number}.md") for number, text in enumerate(texts)]
    report, left = work(*documents, preset=preset)
    for source, text in zip(documents, left, strict=True):
        rest, position = [], 0
        for removal in sorted(report.of_document(source.path), key=lambda removal: removal.start):
            rest.append(source.source[position : removal.start])
            position = removal.end
        assert text == b"".join([*rest, source.source[position:]])
    again, twice = work(*(document(text, f"{n}.md") for n, text in enumerate(left)), preset=preset)
    assert not again.removals
    assert twice == left
    cleaner = Cleaner(Settings.of(preset=preset))
    results: list[Cleaned] = [cleaned for each in documents for cleaned in cleaner.feed([each])]
    assert [cleaned.content for cleaned in results] == left
    if kernel.compiled is not None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kernel, "compiled", None)
            other, same = work(*documents, preset=preset)
        assert same == left
        assert other.findings == report.findings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我在2024年买了iPhone 15手机。", "我 在 2024 年 买 了 iphone 15 手 机"),
        ("東京タワーは３３３メートル", "東 京 タ ワ ー は 333 メ ー ト ル"),
        ("ﾃﾞｰﾀをWeb APIで送る", "テ\u3099 ー タ を web api て\u3099 送 る"),
        ("น้ำใจคนไทย ปี ๒๕๖๗", "น้\u0e4d า ใ จ ค น ไ ท ย ปี 2567"),
        ("ພາສາລາວ 100 ກີບ", "ພ າ ສ າ ລ າ ວ 100 ກີ ບ"),
        ("ភ្នំពេញ ២០២៤", "ភ្ នំ ពេ ញ 2024"),
        ("မြန်မာစာ ၁၂", "မြ န် မာ စာ 12"),
        ("قرأتُ الكتابَ في ٣ أيّامٍ", "قرات الكتاب في 3 ايام"),
        ("كتـــاب", "كتاب"),
        ("ﻻ ﺷﻜﺮ", "لا شكر"),
        ("می‌خواهم کتاب‌ها را ۱۲ بار", "ميخواهم كتابها را 12 بار"),
        ('צה"ל וצה״ל, בְּרֵאשִׁית', "צה ל וצה ל בראשית"),
        ("ג׳ירפה וג'ירפה", "גירפה וגירפה"),
        ("विद्यार्थी क़िताबें १२ बार पढ़ते हैं।", "विद्यार्थी क\u093cिताबें 12 बार पढ\u093cते हैं"),
        ("শিক্ষার্থীরা ১২টি বই পড়ে।", "শিক্ষার্থীরা 12টি বই পড\u09bcে"),
        ("தமிழ் மொழி", "தமிழ் மொழி"),
        ("Ёжик не спит, и всё ещё поёт", "ежик не спит и все еще поет"),
        ("п'ять і п’ять родин", "пять і пять родин"),
        ("Η ΟΔΟΣ, η οδός", "η οδοσ η οδοσ"),
        ("Die STRAẞE, die Straße, die STRASSE", "die strasse die strasse die strasse"),
        ("IŞIK ışık İstanbul ISTANBUL", "isik isik istanbul istanbul"),
        ("Đường phố Hà Nội", "duong pho ha noi"),
    ],
)
def test_words(text: str, words: str) -> None:
    for form in (text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)):
        # The letters of the list are as a person types them; folded they are taken apart.
        assert list(folded_words(form)) == unicodedata.normalize("NFD", words).split()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ไม่", "ไม้"),  # not, wood
        ("ใกล้", "ไกล"),  # near, far
        ("कि", "की"),  # that, of
        ("सजा", "सज़ा"),  # adorned, punishment
        ("দিন", "দীন"),  # day, poor
        ("علي", "على"),  # Ali, on
        ("눈", "논"),  # eye, field
        ("はし", "ばし"),
        ("ខែ", "ខេ"),
    ],
)
def test_marks_that_make_another_word(one: str, other: str) -> None:
    assert folded_words(one) != folded_words(other)


ends = st.sampled_from(". 。 ．」 、 ｡ । ॥ ؟ ، ؛ ۔ ։ ። ၊ ။ ។ ៕ །".split()) | st.sampled_from(
    ("」", "』）", "", "。】", "។»")
)
lines = st.tuples(
    st.sampled_from(EVERY).flatmap(lambda block: st.integers(1, 90).map(lambda at: block[:at])), ends
)
plain = st.lists(lines.map("".join), min_size=1, max_size=8).flatmap(
    lambda found: st.lists(st.sampled_from(("\n", "\n\n")), min_size=len(found), max_size=len(found)).map(
        lambda gaps: "".join(line + gap for line, gap in zip(found, gaps, strict=True))
    )
)


@pytest.mark.skipif(kernel.compiled is None, reason="there is no compiled kernel")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(plain, min_size=1, max_size=3))
def test_the_kernel_cuts_rows_where_python_does(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    """What ends as a sentence of its script does is no headline, and tells hard-wrapped text."""
    folder = tmp_path_factory.mktemp("rows")
    source = folder / "in.jsonl"
    source.write_text("".join(json.dumps({"id": "a", "text": text}) + "\n" for text in texts * 2))
    found = []
    for name in ("compiled", "reference"):
        with pytest.MonkeyPatch.context() as patch:
            if name == "reference":
                patch.setattr(kernel, "compiled", None)
            report = clean(source, output=folder / f"{name}.jsonl", min_words=1)
        found.append(((folder / f"{name}.jsonl").read_bytes(), report.findings, report.summary.blocks))
    assert found[0] == found[1]
