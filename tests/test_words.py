"""What "the same words" means: folding, splitting, hashing, shingles, and the signs that words leave out."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.words import SEPARATOR, Words, analyse, folded_words, shingles, split

SCRIPTS = (
    "abcXYZßıİŁøÆœﬁ",  # Latin
    "゙ּًٰ́̈̃҃ािั္ຸ",  # marks of several scripts
    "ἈθῆναΣσςЙйЁёЖ",
    "سلامٌاَلْمَـ",
    "שָׁלוֹם׳״",
    "नमस्ते्",
    "สวัสดีครับ",
    "ສະບາຍດີ",
    "សួស្តី្ក",
    "မင်္ဂလာပါ",
    "漢字你好〇々々",
    "ひらがなガギグｶﾞ",
    "한국어각",
    "0123४५६７８９¼²",
    "ABCａｂｃ",
    " .,;:!?-–—_/\\'’‘`\"“”()[]{}<>|~^*#@&%$€+±=°\t\n\r  \u200b\u200d\u00ad\ufeff",
    "😀🇪🇺👩‍🔬",
)
character = st.one_of(
    *(st.sampled_from(script) for script in SCRIPTS), st.characters(exclude_categories=["Cs"])
)
# What stands between the blocks of a batch is in none of them.
text = st.text(character, max_size=60).map(lambda value: value.replace(SEPARATOR, " "))


def words_of(*texts: str) -> Words:
    return analyse(SEPARATOR.join(texts), len(texts))


def same(one: str, other: str) -> bool:
    """Whether two texts are the same words to the columns; the plain form must agree."""
    equal = len(set(words_of(one, other).same.tolist())) == 1
    assert equal == (folded_words(one) == folded_words(other))
    return equal


def facts(value: str) -> int:
    return int(words_of(value).facts[0])


@settings(max_examples=500, deadline=None)
@given(texts=st.lists(text, min_size=1, max_size=6))
def test_the_columns_say_what_the_plain_form_says(texts: list[str]) -> None:
    words = words_of(*texts)
    plain = [split(value) for value in texts]
    assert words.counts.tolist() == [len(found) for found in plain]

    alone: dict[str, int] = {}
    every = [word.text for found in plain for word in found]
    for word, value in zip(every, words.hashes.tolist(), strict=True):
        assert alone.setdefault(word, value) == value
        # A folded word folds to itself, so its hash can be had by itself.
        assert words_of(word).hashes.tolist() == [value]
    assert len(set(alone.values())) == len(alone)


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(text, min_size=1, max_size=6))
def test_the_batch_does_not_matter(texts: list[str]) -> None:
    together = words_of(*texts)
    for number, value in enumerate(texts):
        alone = words_of(value)
        first, stop = together.first[number : number + 2]
        assert together.hashes[first:stop].tolist() == alone.hashes.tolist()
        assert together.same[number] == alone.same[0]
        assert together.facts[number] == alone.facts[0]


@settings(max_examples=500, deadline=None)
@given(one=text, other=text)
def test_blocks_are_the_same_where_their_words_are(one: str, other: str) -> None:
    same(one, other)
    assert same(one, f"{one} ")
    assert same(f"{one} {other}", f"{one}\n{other}")


@settings(max_examples=500, deadline=None)
@given(value=text)
def test_places_of_words_lie_in_the_text_and_rise(value: str) -> None:
    end = 0
    for word in split(value):
        assert 0 <= word.start < word.end <= len(value)
        assert word.start >= end or len(unicodedata.normalize("NFKD", value[word.start])) > 1
        assert word.text in "".join(found.text for found in split(value[word.start : word.end]))
        end = word.end


@settings(max_examples=500, deadline=None)
@given(value=text)
def test_composed_and_decomposed_forms_are_the_same(value: str) -> None:
    assert same(unicodedata.normalize("NFC", value), unicodedata.normalize("NFD", value))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The QUICK Fox", "the quick fox"),
        ("Café naïve Ångström", "cafe naive angstrom"),
        ("Cafe\u0301", "Café"),
        ("ＦＵＬＬ ｗｉｄｔｈ １２", "full width 12"),
        ("oﬃce ﬁsh ﬀ", "office fish ff"),
        ("Straße", "STRASSE"),
        ("Straße", "Strasse"),
        ("ΣΊΣΥΦΟΣ", "σισυφος"),
        ("ısı İSI", "isi isi"),
        ("smørrebrød Łódź đak", "smorrebrod lodz dak"),
        ("Ærø œuvre", "aero oeuvre"),
        ("don't", "don’t"),
        ("don't", "dont"),
        ("O‘Neill rock'n'roll", "ONeill rocknroll"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200dwidth join\u200ber", "zerowidth joiner"),
        ("\ufefffirst word", "first word"),
        ("ёлка", "елка"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("مـــحمد", "محمد"),
        ("४५६ ٤٥٦", "456 456"),
        ("x² H₂O ½", "x2 h2o 1⁄2"),
        ("한국어", unicodedata.normalize("NFD", "한국어")),
        ("ガギグ", "ｶﾞｷﾞｸﾞ"),
        ("“Well” — (he said) … no!", "well he said no"),
        ("a-b a/b a.b", "a b a b a b"),
        ("two\r\nlines\tand a\u00a0space", "two lines and a space"),
        ("snake_case", "snake case"),
    ],
)
def test_what_counts_as_the_same(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a b", "ab"),
        ("a b", "b a"),
        ("resume", "resumed"),
        ("カ", "ガ"),
        ("कि", "का"),
        ("ปา", "ปี"),
        ("한국", "한글"),
        ("they re", "they're"),
        ("12 3", "1 23"),
        ("", "a"),
    ],
)
def test_what_does_not(one: str, other: str) -> None:
    assert not same(one, other)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("你好，世界", ["你", "好", "世", "界"]),
        ("ひらがなカナ", ["ひ", "ら", "か\u3099", "な", "カ", "ナ"]),
        ("ภาษาไทย", ["ภ", "า", "ษ", "า", "ไ", "ท", "ย"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("ພາສາລາວ", ["ພ", "າ", "ສ", "າ", "ລ", "າ", "ວ"]),
        ("ភាសាខ្មែរ", ["ភា", "សា", "ខ្", "មែ", "រ"]),
        ("မြန်မာ", ["မြ", "န်", "မာ"]),
        ("iPhone手机 15台", ["iphone", "手", "机", "15", "台"]),
        ("第3章abc", ["第", "3", "章", "abc"]),
        ("한국어 문장", [unicodedata.normalize("NFD", "한국어"), unicodedata.normalize("NFD", "문장")]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("the cat's hat", ["the", "cats", "hat"]),
        ("...", []),
        ("", []),
        ("' \u200b", []),
    ],
)
def test_words(value: str, words: list[str]) -> None:
    assert [word.text for word in split(value)] == words
    assert words_of(value).counts.tolist() == [len(words)]


def test_places_of_words() -> None:
    value = "“Don’t” ask the Straße!"
    assert [value[word.start : word.end] for word in split(value)] == ["Don’t", "ask", "the", "Straße"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("con ma đen", "con má đen"),  # Vietnamese: ghost, cheek, and so on
        ("con má đen", "con mà đen"),
        ("con mả đen", "con mã đen"),
        ("con mạ đen", "con ma đen"),
        ("cây tre", "cây trê"),
        ("cô ta", "cơ ta"),
        ("da trắng", "đa trắng"),
        ("das ist schon gut", "das ist schön gut"),
        ("sie fordern es", "sie fördern es"),
        ("ayer él hablo", "ayer él habló"),
        ("el año pasado", "el ano pasado"),
        ("piękna łaska", "piękna laska"),
        ("et godt hør", "et godt hor"),
        ("çok iş", "çok is"),
        ("мой дом", "мои дом"),
        ("їх село", "іх село"),
        ("ќе оди", "ке оди"),
    ],
)
def test_accents_that_make_another_letter(one: str, other: str) -> None:
    assert same(one, other)
    for form in ("NFC", "NFD"):
        assert facts(unicodedata.normalize(form, one)) == facts(one)
        assert facts(unicodedata.normalize(form, one.upper())) == facts(one)
    assert facts(one) != facts(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ΟΔΟΣ ΑΘΗΝΑΣ", "οδός Αθηνάς"),
        ("ёлка, ещё", "елка, еще"),
        ("за́мок", "замок"),
        ("IŞIK İSTANBUL", "ışık istanbul"),
        ("İstanbul", "I\u0307stanbul"),
        ("hoà bình, thuý", "hòa bình, thúy"),  # two ways to place the tone
        ("oraş ţară", "oraș țară"),  # cedilla for comma below
        ("ÉCOLE", "école"),
        ("the café sang", "the cafe sang"),  # what English may leave out
        ("his résumé", "his resume"),
        ("a naïve view", "a naive view"),
        ("Straße", "STRASSE"),
        ("المُدُن", "المدن"),
        ("أحمد إلى", "احمد الى"),
        ("שָׁלוֹם", "שלום"),
        ("¨ ´", ""),
    ],
)
def test_accents_that_do_not(one: str, other: str) -> None:
    assert same(one, other)
    assert facts(one) == facts(other)


accented = st.text(
    st.sampled_from(
        "aeoiuscdlnzgаеиуігкαηAEI İıđłøß\u0300\u0301\u0302\u0303\u0306\u0307\u0308\u0309\u031b\u0323\u0327"
    ),
    max_size=12,
)


@settings(max_examples=1000, deadline=None)
@given(one=accented, data=st.data())
def test_the_plain_form_has_the_accents_that_are_facts(one: str, data: st.DataObject) -> None:
    # Another text of the same words: some characters with another accent, or none.
    other = "".join(
        data.draw(st.sampled_from((c, "", "\u0301", "\u0323"))) if unicodedata.combining(c) else c
        for c in one
    )
    if same(one, other):
        accents = [tuple(word.accents for word in split(text)) for text in (one, other)]
        assert (facts(one) == facts(other)) == (accents[0] == accents[1])


def test_a_word_ends_behind_its_last_mark() -> None:
    for value in ("Cafe\u0301 noir", "שָׁלוֹםִ", "محمدٌ"):
        word = split(value)[0]
        assert value[word.start : word.end] == value.split()[0]


def test_nothing_to_analyse() -> None:
    assert analyse("", 0).counts.tolist() == []
    assert words_of("").counts.tolist() == [0]
    assert words_of("", "", "a").counts.tolist() == [0, 0, 1]


@settings(max_examples=500, deadline=None)
@given(texts=st.lists(text, min_size=1, max_size=5), k=st.integers(1, 5), data=st.data())
def test_shingles_are_the_set_of_k_consecutive_words(texts: list[str], k: int, data: st.DataObject) -> None:
    words = words_of(*texts)
    chosen = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=5))
    found = shingles(words, np.array(chosen, np.int64), k)
    numbers: dict[tuple[str, ...], int] = {}
    for place, block in enumerate(chosen):
        plain = folded_words(texts[block])
        sequences = {plain[at : at + k] for at in range(len(plain) - k + 1)} or ({plain} if plain else set())
        values = found.of(place).tolist()
        assert values == sorted(set(values))
        assert len(values) == len(sequences)
        # Which value is whose is seen where a sequence is all that a block holds.
        for sequence in sequences:
            alone = shingles(words_of(" ".join(sequence)), np.zeros(1, np.int64), k).of(0).tolist()
            if folded_words(" ".join(sequence)) == sequence:
                assert numbers.setdefault(sequence, alone[0]) in values
                assert alone == [numbers[sequence]]
    assert len(set(numbers.values())) == len(numbers)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rates rose by +5%", "rates rose by -5%"),
        ("rates rose by 5%", "rates rose by 5"),
        ("it costs $5 more", "it costs €5 more"),
        ("it costs $5 more", "it costs 5 more"),
        ("version 1.5 only", "version 15 only"),
        ("version 1.5 only", "version 1:5 only"),
        ("from 1-5 of them", "from 1 5 of them"),
        ("a temperature of −5 degrees", "a temperature of 5 degrees"),
        ("where x < y holds", "where x > y holds"),
        ("the C# language", "the C language"),
        ("mail me@here please", "mail me here please"),
        ("set snake_case names", "set snake case names"),
        ("a & b", "a b"),
        ("20° outside", "20 outside"),
        ("1 + 2 3", "1 2 + 3"),
    ],
)
def test_signs_that_say_something(one: str, other: str) -> None:
    assert not same(one, other) or facts(one) != facts(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("well, he said", "well he said."),
        ("“well” he said", '"well" he said'),
        ("well — he said", "well - he said"),
        ("well-known facts", "well known facts"),
        ("wait… what?", "wait what!"),
        ("*well* he **said**", "well he said"),
        ("`well` ~he~ said", "well he said"),
        ("(well) [he] {said}", "well he said"),
        ("a b.", "a b"),
        ("it was 5.", "it was 5"),
        ("range 1–5", "range 1-5"),
        ("minus −5", "minus -5"),
        ("Ａ　ｗｉｄｅ", "a wide"),
    ],
)
def test_punctuation_that_does_not(one: str, other: str) -> None:
    assert same(one, other)
    assert facts(one) == facts(other)
