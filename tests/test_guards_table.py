"""Pairs of sentences and the guard that their difference trips, in many languages; None where an editor sees none."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.decide.facts import trips
from dedup.decide.guards import explain_exact, fact_changed
from dedup.words import folded_words

NUMBERS = [
    ("They sold 30 sheep at the market.", "They sold 32 sheep at the market.", "number"),
    ("They sold 30 sheep at the market.", "They sold thirty sheep at the market.", None),
    ("They sold 30 sheep at the market.", "They sold forty sheep at the market.", "number"),
    ("They sold 30 sheep at the market.", "They sold sheep at the market.", "number"),
    ("It took twenty-one men to lift it.", "It took twenty one men to lift it.", None),
    ("It took twenty-one men to lift it.", "It took 21 men to lift it.", None),
    ("It took twenty-one men to lift it.", "It took twenty-two men to lift it.", "number"),
    ("It cost two hundred and five crates.", "It cost 205 crates.", None),
    ("It cost two hundred and five crates.", "It cost two hundred and six crates.", "number"),
    ("There were 1,500 of them in all.", "There were 1500 of them in all.", None),
    ("There were 1,500 of them in all.", "There were 1,600 of them in all.", "number"),
    ("There were 1.5 million of them in all.", "There were 1,500,000 of them in all.", None),
    ("There were 1.5 million of them in all.", "There were 1.5 billion of them in all.", "number"),
    ("There were 1.5 of them in all.", "There were 15 of them in all.", "number"),
    ("He came third in the race.", "He came fourth in the race.", "number"),
    ("He came 3rd in the race.", "He came third in the race.", None),
    ("He came 3rd in the race.", "He came 4th in the race.", "number"),
    ("Two thirds of the milk was lost.", "Three quarters of the milk was lost.", "number"),
    ("Two-thirds of the milk was lost.", "Two thirds of the milk was lost.", None),
    ("Half of the milk was lost.", "A third of the milk was lost.", "number"),
    ("A cup holds ½ of that.", "A cup holds ¼ of that.", "number"),
    ("A cup holds ½ of that.", "A cup holds 1⁄2 of that.", None),
    ("The field is 10² wide.", "The field is 102 wide.", "number"),
    ("It takes 5-10 of these.", "It takes 5–10 of these.", None),
    ("It takes 5-10 of these.", "It takes 5 to 10 of these.", None),
    ("It takes 5-10 of these.", "It takes 5-12 of these.", "number"),
    ("They won 3-2 at home.", "They won 3-1 at home.", "number"),
    ("It fell to -5 at night.", "It fell to 5 at night.", "number"),
    ("A dozen eggs were broken.", "12 eggs were broken.", None),
    ("A dozen eggs were broken.", "Dozens of eggs were broken.", "number"),
    ("Both of them sang along.", "All of them sang along.", "number"),
    ("Each of them sang along.", "Every one of them sang along.", "number"),
    ("It rained twice in the park.", "It rained three times in the park.", "number"),
    ("About 30 people were there.", "Over 30 people were there.", "number"),
    ("Prices rose to 30 in the end.", "Prices rose by 30 in the end.", "number"),
    ("One of the farmers said so.", "Two of the farmers said so.", "number"),
    ("He is one of the best there.", "He is among the best there.", None),
    ("So at first nobody came to us.", "So initially nobody came to us.", None),
    ("Once again nobody came to us.", "Again nobody came to us.", None),
    ("Nobody came once it rained.", "Nobody came when it rained.", None),
    ("It is all over the hills now.", "It is on the hills now.", None),
    ("The people of ３０ villages came.", "The people of 30 villages came.", None),
    ("The people of 30 villages came.", "The people of thirty, villages came.", None),
]
MEASURES = [
    ("It grew by 5 per cent that time.", "It grew by 6 per cent that time.", "percent"),
    ("It grew by 5 per cent that time.", "It grew by 5% that time.", None),
    ("It grew by 5 percent that time.", "It grew by five per cent that time.", None),
    ("It grew by 5 per cent that time.", "It grew by 5 points that time.", "percent"),
    ("It grew by +3 % that time.", "It grew by -3 % that time.", "percent"),
    ("It cost $5 at the shop.", "It cost €5 at the shop.", "currency"),
    ("It cost $5 at the shop.", "It cost $6 at the shop.", "currency"),
    ("It cost $5 at the shop.", "It cost 5 dollars at the shop.", None),
    ("It cost $5.2 million at the shop.", "It cost $5.2m at the shop.", None),
    ("It cost 5 dollars at the shop.", "It cost 5 euros at the shop.", "currency"),
    ("It was paid in dollars as usual.", "It was paid in euros as usual.", "currency"),
    ("It is 5 km from here to the farm.", "It is 5 miles from here to the farm.", "unit"),
    ("It is 5 km from here to the farm.", "It is 5 kilometres from here to the farm.", None),
    ("It is 5 km from here to the farm.", "It is 6 km from here to the farm.", "number"),
    ("It is some kilometres away from us.", "It is some miles away from us.", "unit"),
    ("It was 30°C in the shade.", "It was 30°F in the shade.", "unit"),
    ("It was 30°C in the shade.", "It was 30 degrees Celsius in the shade.", None),
    ("The bar was open for us then.", "The door was open for us then.", None),
]
DATES = [
    ("It opened on Monday for all.", "It opened on Friday for all.", "date"),
    ("It opened on Mon for all.", "It opened on Monday for all.", None),
    ("It opened on 3 May for all.", "It opened on 4 May for all.", "date"),
    ("It opened on 3 May for all.", "It opened on 3 June for all.", "date"),
    ("It opened on May 3rd for all.", "It opened on May 3 for all.", "date"),
    ("It opened in January for all.", "It opened in Jan for all.", None),
    ("It opened in 2006 for all.", "It opened in 2007 for all.", "date"),
    ("It opened in the 1990s for all.", "It opened in the 1980s for all.", "date"),
    ("It opened at 3.30pm for all.", "It opened at 3:30 pm for all.", None),
    ("It opened at 3pm for all.", "It opened at 3am for all.", "date"),
    ("It opened at 3:30 for all.", "It opened at 4:30 for all.", "date"),
    ("It opened on 2006-05-12 for all.", "It opened on 2006-05-13 for all.", "date"),
    ("It opened yesterday for all.", "It opened today for all.", "date"),
    ("It opened last week for all.", "It opened next week for all.", "date"),
    ("It opened last week for all.", "It opened last month for all.", "date"),
    ("It is today's paper we read.", "It is yesterday's paper we read.", "date"),
    ("It opened in early 2006 for all.", "It opened in late 2006 for all.", "date"),
    ("It opened in the morning for all.", "It opened in the evening for all.", "date"),
    ("They may sing in the hall.", "They might sing in the hall.", None),
    ("They march along the river.", "They walk along the river.", None),
    ("They sat beside the river.", "They stood beside the river.", None),
    ("The second man sang for us.", "The third man sang for us.", "number"),
]
NEGATIONS = [
    ("They did sing in the hall.", "They did not sing in the hall.", "negation"),
    ("They could sing in the hall.", "They couldn't sing in the hall.", "negation"),
    ("They could not sing in the hall.", "They couldn't sing in the hall.", None),
    ("They could not sing in the hall.", "They couldn’t sing in the hall.", None),
    ("They always sing in the hall.", "They never sing in the hall.", "negation"),
    ("They sing with him in the hall.", "They sing without him in the hall.", "negation"),
    ("Some of them sing in the hall.", "None of them sing in the hall.", "negation"),
    ("They have a song for the hall.", "They have no song for the hall.", "negation"),
    ("It is likely to rain on us.", "It is unlikely to rain on us.", "negation"),
    ("It is possible to rain on us.", "It is impossible to rain on us.", "negation"),
    ("They were careful with the cups.", "They were careless with the cups.", "negation"),
    ("They managed to sing in the hall.", "They failed to sing in the hall.", "negation"),
    ("The farmers sing in the hall.", "Only the farmers sing in the hall.", "negation"),
    ("They asked whether it was so.", "They asked whether or not it was so.", None),
    ("They asked whether or not it was so.", "They asked whether or it was so.", "negation"),
    ("It was no doubt the best of all.", "It was certainly the best of all.", None),
    ("Nobody's song was in the hall.", "Everybody's song was in the hall.", "negation"),
    ("The prices increased in the town.", "The prices decreased in the town.", "opposite"),
    ("They left before the rain came.", "They left after the rain came.", "opposite"),
    ("The way up is a long way.", "The way down is a long way.", "opposite"),
    ("They came from the north of it.", "They came from the south of it.", "opposite"),
    ("They came from the town at last.", "They came to the town at last.", "opposite"),
    ("They met her at the gate there.", "They met him at the gate there.", "opposite"),
    ("It must be a long song then.", "It may be a long song then.", "opposite"),
]
THINGS = [
    ("Run it with version 1.24 at home.", "Run it with version 1.25 at home.", "version"),
    ("Run it with 2.13.1 at home.", "Run it with 2.14.0 at home.", "version"),
    ("Run it with v2 at home.", "Run it with v3 at home.", "version"),
    ("Set job_size in the file.", "Set run_size in the file.", "identifier"),
    ("Set `replicas` in the file.", "Set `triggers` in the file.", "identifier"),
    ("It is written in C++ at home.", "It is written in C at home.", "identifier"),
    ("Read config.yaml at home first.", "Read config.json at home first.", "identifier"),
    ("Read R&D and more of it.", "Read R&B and more of it.", "name"),
    ("Salt & pepper are on the table.", "Salt and pepper are on the table.", None),
    ("The choir of Aachen sang for us.", "The choir of Cologne sang for us.", "name"),
    ("the farms of germany are small", "the farms of france are small", "name"),
    ("the turkey is in the oven", "the chicken is in the oven", None),
    ("The sheep are in the shed.", "Those sheep are in the shed.", None),
    ("The set-up of it was simple.", "The setup of it was simple.", None),
    ("The first-hand report was read.", "The firsthand report was read.", None),
    ("It is no table for us here.", "It is notable for us here.", "negation"),
    ("The U.S. wheat is in the shed.", "The US wheat is in the shed.", None),
    ("A <b>small</b> shed is there.", "A small shed is there.", None),
    ("A **small** shed is there.", "A small shed is there.", None),
]
STOP_WORDS = [
    ("They sold it in the market there.", "They sold it in a market there.", None),
    ("They sold it in the market there.", "They sold it at the market there.", None),
    ("They said that it was the best.", "They said it was the best.", None),
    ("They sold 30 of the sheep there.", "They sold 30 of sheep there.", None),
    ("They sold it this week for us.", "They sold it that week for us.", None),
    ("It is the dog of a friend.", "It is the dog of that friend.", None),
    ("It was of a kind in the town.", "It was of the kind in the town.", None),
]
LANGUAGES = [
    ("Der Hof hat dreißig Kühe im Stall.", "Der Hof hat vierzig Kühe im Stall.", "number"),
    ("Der Hof hat dreißig Kühe im Stall.", "Der Hof hat 30 Kühe im Stall.", None),
    ("Der Hof ist am Montag für alle offen.", "Der Hof ist am Freitag für alle offen.", "date"),
    ("Der Hof ist im Mai für alle offen.", "Der Hof ist im Juni für alle offen.", "date"),
    ("Das Lied ist schön und sie singen es.", "Das Lied ist nicht schön und sie singen es.", "negation"),
    ("Er geht mit dem Hund und der Katze.", "Er geht mit der Katze und dem Hund.", "name"),
    ("Sie sterben, die Bäume und die Tiere.", "Sie leben, die Bäume und die Tiere.", None),
    ("La ferme est à cinq kilomètres de la ville.", "La ferme est à six kilomètres de la ville.", "number"),
    ("La ferme est ouverte en mars pour tous.", "La ferme est ouverte en avril pour tous.", "date"),
    ("La ferme est ouverte le lundi pour tous.", "La ferme est ouverte le mardi pour tous.", "date"),
    ("La chanson est belle et elle la chante.", "La chanson est jamais belle et elle la chante.", "negation"),
    ("El campo es de veinte hectáreas en total.", "El campo es de treinta hectáreas en total.", "number"),
    ("El campo no es de la familia de ella.", "El campo es de la familia de ella.", "negation"),
    ("El campo es de la familia con agua.", "El campo es de la familia sin agua.", "negation"),
    ("La casa è di tre piani per la famiglia.", "La casa è di quattro piani per la famiglia.", "number"),
    ("A casa não é da família do campo.", "A casa é da família do campo.", "negation"),
    ("Het huis is niet groot en van de boer.", "Het huis is groot en van de boer.", "negation"),
    ("Het huis is van drie boeren met een hond.", "Het huis is van vier boeren met een hond.", "number"),
    ("Huset är inte stort och det har en dörr.", "Huset är stort och det har en dörr.", "negation"),
    (
        "Talo on kolme kerrosta korkea ja se on uusi.",
        "Talo on neljä kerrosta korkea ja se on uusi.",
        "number",
    ),
    ("Dom nie jest duży i to jest na wsi.", "Dom jest duży i to jest na wsi.", "negation"),
    ("Ev iki katlı ve bu çok güzel bir ev.", "Ev üç katlı ve bu çok güzel bir ev.", "number"),
    ("Ev güzel değil ve bu bir sorun.", "Ev güzel ve bu bir sorun.", "negation"),
    ("Дом не большой и он на горе.", "Дом большой и он на горе.", "negation"),
    ("В доме три окна и он на горе.", "В доме четыре окна и он на горе.", "number"),
    ("В доме три окна и он на горе.", "В доме 3 окна и он на горе.", None),
    ("Он был в доме в понедельник и во вторник.", "Он был в доме в субботу и во вторник.", "date"),
    (
        "Το σπίτι δεν είναι μεγάλο και είναι στο βουνό.",
        "Το σπίτι είναι μεγάλο και είναι στο βουνό.",
        "negation",
    ),
    (
        "Το σπίτι έχει τρία δωμάτια και είναι στο βουνό.",
        "Το σπίτι έχει πέντε δωμάτια και είναι στο βουνό.",
        "number",
    ),
    ("Nhà này có ba phòng và của người dân.", "Nhà này có bốn phòng và của người dân.", "number"),
    ("Nhà này không lớn và của người dân.", "Nhà này lớn và của người dân.", "negation"),
    ("Rumah ini tidak besar dan di desa.", "Rumah ini besar dan di desa.", "negation"),
    ("في البيت ٣ غرف من الحجر", "في البيت ٤ غرف من الحجر", "number"),
    ("في البيت ٣ غرف من الحجر", "في البيت 3 غرف من الحجر", None),
    ("هذا البيت كبير على الجبل", "هذا البيت ليس كبير على الجبل", "negation"),
    ("البيت مفتوح في يناير من كل عام", "البيت مفتوح في مارس من كل عام", "date"),
    ("הבית הזה לא גדול על ההר", "הבית הזה גדול על ההר", "negation"),
    ("יש בבית שלוש דלתות על ההר", "יש בבית ארבע דלתות על ההר", "number"),
    ("घर में तीन कमरे हैं और यह बड़ा है", "घर में चार कमरे हैं और यह बड़ा है", "number"),
    ("घर में ३ कमरे हैं और यह बड़ा है", "घर में 3 कमरे हैं और यह बड़ा है", None),
    ("यह घर बड़ा है और नया है", "यह घर बड़ा नहीं है और नया है", "negation"),
    ("집에 방이 세 개 있다 그리고 크다", "집에 방이 네 개 있다 그리고 크다", "number"),
    ("집에 방이 있다 그리고 크다", "집에 방이 없다 그리고 크다", "negation"),
    ("她有三只猫在家里。", "她有四只猫在家里。", "number"),
    ("她喜欢猫在家里。", "她不喜欢猫在家里。", "negation"),
    ("她星期一在家里。", "她星期五在家里。", "date"),
    ("她昨天在家里。", "她明天在家里。", "date"),
    ("彼女は猫が好きです。", "彼女は犬が好きです。", "name"),
    ("彼女は三匹の猫がいます。", "彼女は四匹の猫がいます。", "number"),
    ("彼は知っています。", "彼は知りません。", "negation"),
    ("月曜日に店が開く。", "金曜日に店が開く。", "date"),
    ("บ้านหลังนี้ใหญ่", "บ้านหลังนี้ไม่ใหญ่", "negation"),
    ("ร้านเปิดวันจันทร์", "ร้านเปิดวันศุกร์", "date"),
    ("她的猫在家里。", "她猫在家里。", None),
]
PAIRS = NUMBERS + MEASURES + DATES + NEGATIONS + THINGS + STOP_WORDS + LANGUAGES


def guard_of(one: str, other: str) -> str | None:
    compare = explain_exact if folded_words(one) == folded_words(other) else fact_changed
    return compare(one, other, True)


def test_there_are_enough_pairs() -> None:
    assert len(PAIRS) >= 150


@pytest.mark.parametrize(("one", "other", "guard"), PAIRS)
def test_the_guard_of_a_pair(one: str, other: str, guard: str | None) -> None:
    assert guard_of(one, other) == guard
    assert guard_of(other, one) == guard


@pytest.mark.parametrize(("one", "other", "guard"), [pair for pair in PAIRS if pair[2] is None])
def test_forms_of_writing_change_nothing(one: str, other: str, guard: None) -> None:
    for form in ("NFC", "NFD"):
        assert guard_of(one, unicodedata.normalize(form, other)) is None
    assert guard_of(one, other.replace(" ", "\u00a0")) is None


@given(st.sampled_from(PAIRS), st.sampled_from((str.upper, str.lower)))
def test_a_text_in_other_case_is_the_same(pair: tuple[str, str, str | None], change: object) -> None:
    assert callable(change)
    text = pair[0]
    if "`" not in text and folded_words(change(text)) == folded_words(
        text
    ):  # ß and ς have another length in capitals
        assert guard_of(text, change(text)) is None


@given(
    st.lists(st.sampled_from([word for pair in PAIRS for word in pair[0].split()]), max_size=30), st.data()
)
def test_any_words_can_be_compared_and_the_same_trip_nothing(words: list[str], data: st.DataObject) -> None:
    text, other = " ".join(words), " ".join(data.draw(st.permutations(words)))
    assert guard_of(text, text) is None
    first = next(trips(text, other, True), None)
    assert fact_changed(text, other, True) == (first.guard if first else None)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_compared(one: str, other: str) -> None:
    guard_of(one, other)


def test_each_guard_can_be_turned_off_and_the_next_is_asked() -> None:
    one, other = "They sold 30 sheep on Monday.", "They sold 32 sheep on Friday."
    assert fact_changed(one, other, True) == "date"
    assert fact_changed(one, other, True, without=("date",)) == "number"
    assert fact_changed(one, other, True, without=("date", "number")) is None
    assert fact_changed(one, other, False, without=("date", "number")) == "link"
    assert explain_exact("It cost $5.", "It cost €5.", True, ("currency",)) is None
