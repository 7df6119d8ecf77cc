"""Word lists of many languages: which languages a text may be in, and what their words mean, read when asked for.

The lists of `lexicons/` come from CLDR (see `lexicon_build`). Words are folded as `dedup.words` folds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from dedup.words import folded_words

FOLDER = Path(__file__).parent / "lexicons"

UNSPACED = frozenset(("th", "zh", "ja"))
"""Languages written without spaces: their lists are searched in the text."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION: dict[str, frozenset[str]] = {
    "en": _words(
        "the a an and of to in is was for that with on as at by it he she they his her this from are were be "
        "have has had but which or its their been will would who when we you i if into there them than not "
        "do does did so why what how over out up about after before can could more some these those then our "
        "your us me my she him because while through between under during such another where should"
    ),
    "de": _words(
        "der die das und ist ein eine einen einem einer eines den dem des im zu mit auf fur von nicht sich es "
        "auch als an bei war wird sind aus nach wie er sie wir ich dass oder aber hat"
    ),
    "nl": _words(
        "de het een en van is dat op te zijn met voor niet aan er om ook als dan maar bij nog uit door naar "
        "ze hij"
    ),
    "sv": _words(
        "och att det som en ett den ar av for med pa har inte om till de var jag men sig han hon vi eller kan"
    ),
    "da": _words(
        "og at det som en et den er af for med pa har ikke om til de var jeg men sig han hun vi eller kan der"
    ),
    "nb": _words(
        "og at det som en et den er av for med pa har ikke om til de var jeg men seg han hun vi eller kan der "
        "ei"
    ),
    "is": _words("og ad i a er sem til vid um hann hun thad en ekki af fyrir var med ser eda thvi"),
    "fi": _words(
        "ja on ei se han oli ett etta mutta kun niin kuin myos joka tama ovat mita hanen jos tai sen olla ole"
    ),
    "et": _words("ja on ei see ta et kui oli aga ka mis ning selle oma voi siis nii kes tema seda"),
    "lv": _words("un ir no ar ka par uz vai bet to tas kas gan tika bija lai ari nav"),
    "lt": _words("ir yra kad su is i bet kaip nuo per tai buvo jis ji apie o ar ne jau pat"),
    "pl": _words(
        "i w na z sie nie do jest to ze o jak po za od przez dla byl oraz ale ktory co czy tym jego"
    ),
    "cs": _words("a v na se je to ze s z do o i po pro by jako za od ale podle jeho ktery jsem byl jsou aby"),
    "sk": _words("a v na sa je to ze s z do o i po pre by ako za od ale podla jeho ktory som bol su aby"),
    "sl": _words("in je v na se da za so z ki pa s ne bi po kot tudi o ali iz bil od ni"),
    "hr": _words("i je u na se da za su s od a koji kao o ne iz bio ali po to ili bi sto"),
    "hu": _words("a az es hogy nem is egy meg de volt ez mint csak van ha el azt vagy mar"),
    "ro": _words("si in de la cu pe nu un o a este sa din pentru care mai ca fost au sunt ce prin dar lui"),
    "bg": _words("и на в да се за от с е не по са че като до но си ще при това беше или има"),
    "ru": _words("и в не на что с он а как по это к но она из у за от о для же был так бы или его их мы я"),
    "uk": _words("і в не на що з він а як до та у це за від про для и але був иого іі ми я або так"),
    "el": _words("και το να του η τησ την με που για τα των δεν στο ο στη θα απο ειναι τισ στην μια ενα σε"),
    "tr": _words(
        "ve bir bu da de icin ile o olarak cok daha ama gibi ne en kadar sonra olan var ya ki mi her"
    ),
    "fr": _words(
        "le la les de des du et un une en est dans que qui pour par sur au aux avec il elle ce cette ne pas "
        "plus se son sa ses ont ete sont nous vous je mais ou leur"
    ),
    "es": _words(
        "el la los las de del y un una en es que por para con se su sus al lo como mas pero fue son ha este "
        "esta no o le entre cuando muy"
    ),
    "pt": _words(
        "o a os as de do da dos das e um uma em no na nos nas que por para com se seu sua ao como mais mas "
        "foi nao ou este esta ele ela"
    ),
    "it": _words(
        "il lo la i gli le di del della dei e un una uno in nel nella che per con su al alla da si non sono "
        "come piu ma ha anche questo questa"
    ),
    "ca": _words(
        "el la els les de del i un una en es que per amb se seu al com mes pero va son ha aquest aquesta no o"
    ),
    "id": _words(
        "yang dan di dari untuk dengan ini itu pada dalam tidak adalah ke oleh akan juga telah sebagai atau "
        "mereka"
    ),
    "vi": _words(
        "va cua la co trong cho mot khong nhung da duoc voi cac nguoi den nay o khi ve tu ra con thi"
    ),
    "ar": _words("في من على الى ان عن هذا هذه التي الذي مع كان قد و ما لا هو هي كما بين بعد"),
    "fa": _words("و در به از كه اين را با است ان براي يك خود تا بر هم شده مي بود ها"),
    "he": _words("של את על הוא היא זה עם לא כי גם או אל היה אני הם מן יש אבל כל"),
    "hi": _words("के का की में है और को से पर यह कि एक ने हैं भी इस वह तो था थे थी हो लिए गया"),
    "bn": _words("ও এবং এই যে করে একটি থেকে জন্য না তার হয় করা সে কি এক তিনি"),
    "th": frozenset(),
    "zh": _words("的 了 是 在 和 也 就 都 而 及 与 與 着 之 很 把 被 吧 呢 啊"),
    "ja": _words("の は を に が と で も へ や か ね よ"),
    "ko": _words("이 그 및 또는 그리고 의 를 을 은 는 에 에서 와 과 도 수 것"),
}
"""Small words of each language: how a text shows which it is in. They name nothing, so they are no names either."""

NEGATING: dict[str, frozenset[str]] = {
    "de": _words("nicht kein keine keinen keinem keiner keines nie niemals ohne weder nichts niemand kaum"),
    "nl": _words("niet geen nooit zonder niemand niets noch"),
    "sv": _words("inte aldrig ingen inget inga utan ej"),
    "da": _words("ikke aldrig ingen intet uden"),
    "nb": _words("ikke ikkje aldri ingen intet uten utan"),
    "is": _words("ekki aldrei enginn engin an"),
    "fi": _words("ei en et emme ette eivat eika ala koskaan ilman"),
    "et": _words("ei ega mitte ilma kunagi"),
    "lv": _words("ne nav nekad bez neviens"),
    "lt": _words("ne nera niekada be niekas"),
    "pl": _words("nie bez nigdy nikt nic ani zaden zadna"),
    "cs": _words("ne neni nejsou nebyl nebyla bez nikdy nikdo nic ani zadny zadna"),
    "sk": _words("nie bez nikdy nikto nic ani ziadny ziadna"),
    "sl": _words("ne ni niso brez nikoli nihce nic"),
    "hr": _words("ne nije nisu bez nikad nikada nitko nista"),
    "hu": _words("nem nincs nincsenek soha sem se senki semmi nelkul"),
    "ro": _words("nu niciodata fara nici nimeni nimic"),
    "bg": _words("не няма без никога никои нищо нито"),
    "ru": _words("не нет ни без никогда никто ничего нельзя никакои"),
    "uk": _words("не немає немае ні ни без ніколи нікто ніхто нічого"),
    "el": _words("δεν μην οχι χωρισ ποτε κανεισ κανενασ τιποτα ουτε"),
    "tr": _words("degil yok hicbir hic asla olmadan"),
    "fr": _words("ne n pas jamais sans aucun aucune rien non ni personne nul nulle"),
    "es": _words("no nunca jamas sin ningun ninguna ninguno nada nadie tampoco ni"),
    "pt": _words("nao nunca jamais sem nenhum nenhuma nada ninguem nem"),
    "it": _words("non mai senza nessun nessuno nessuna niente nulla ne neppure"),
    "ca": _words("no mai sense cap ningu res tampoc"),
    "id": _words("tidak bukan tanpa belum jangan tak"),
    "vi": _words("khong chua chang dung khongco"),
    "ar": _words("لا لم لن ليس ليست غير بدون ما دون"),
    "fa": _words("نه نيست نبود بدون هيچ هرگز"),
    "he": _words("לא אין בלי אינו אינה אינם מעולם ללא אל"),
    "hi": _words("नहीं न मत बिना कभी"),
    "bn": _words("না নেই নয় ছাড়া কখনও"),
    "th": _words("ไม่ มิ ไร้ อย่า ปราศจาก"),
    "zh": _words("不 没 沒 無 无 非 未 否 莫 勿"),
    "ja": _words("ない なかっ なく ません ぬ ず 無 不 未 非"),
    "ko": _words("않다 않은 않는 않았다 안 못 없다 없는 없이 없었다 아니다 아닌"),
}
"""Words that negate, besides the English; of languages written without spaces, what is searched in the text."""

_SCRIPTS: tuple[tuple[int, int, str], ...] = (
    (0x0041, 0x024F, "latin"),
    (0x1E00, 0x1EFF, "latin"),
    (0x0370, 0x03FF, "el"),
    (0x1F00, 0x1FFF, "el"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0590, 0x05FF, "he"),
    (0x0600, 0x077F, "arabic"),
    (0x0900, 0x097F, "hi"),
    (0x0980, 0x09FF, "bn"),
    (0x0E00, 0x0E7F, "th"),
    (0x1100, 0x11FF, "ko"),
    (0x3040, 0x30FF, "ja"),
    (0x4E00, 0x9FFF, "han"),
    (0xAC00, 0xD7AF, "ko"),
)
_OF_SCRIPT: dict[str, tuple[str, ...]] = {
    "latin": tuple("en de nl sv da nb is fi et lv lt pl cs sk sl hr hu ro tr fr es pt it ca id vi".split()),
    "cyrillic": ("ru", "uk", "bg"),
    "arabic": ("ar", "fa"),
    "han": ("zh", "ja"),
}

_SHARE = 0.2
"""A script counts that so many of the letters are of."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What words mean in one or more languages: of each list, what a folded word stands for.

    `short` are those names of months and weekdays that are cut: "sat" is one beside a number or with a capital.
    `unspaced` are the lists of languages whose words are searched in the text.
    """

    months: Mapping[str, str] = field(default_factory=dict)
    weekdays: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=dict)
    spans: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    currencies: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    ordinals: Mapping[str, str] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    function: frozenset[str] = frozenset()
    unspaced: tuple[Mapping[str, str], ...] = ()


@cache
def _read(language: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return found


@lru_cache(maxsize=64)
def lexicon_of(languages: tuple[str, ...]) -> Lexicon:
    """The lists of some languages as one; a word of two languages means what it does in the first."""
    spaced = [language for language in languages if language not in UNSPACED]
    merged: dict[str, dict[str, str]] = {}
    places: set[str] = set()
    short: set[str] = set()
    for number, language in reversed(list(enumerate(spaced))):
        # "an" is no year of French, nor "on" a ten of Turkish, where the text is English in the first place.
        small = frozenset().union(*(FUNCTION[each] for each in spaced[:number]))
        for name, words in _read(language).items():
            if name in ("places", "short"):
                (places if name == "places" else short).update(words)
            else:
                found = {word: meaning for word, meaning in words.items() if word not in small}
                merged.setdefault(name, {}).update(found)
    return Lexicon(
        **merged,
        places=frozenset(places),
        short=frozenset(short),
        negations=frozenset().union(
            *(
                NEGATING.get(language, frozenset()).difference(*(FUNCTION[each] for each in spaced[:number]))
                for number, language in enumerate(spaced)
            )
        ),
        function=frozenset().union(*(FUNCTION[language] for language in languages)),
        unspaced=tuple(_unspaced(language) for language in languages if language in UNSPACED),
    )


def _unspaced(language: str) -> Mapping[str, str]:
    """What is searched in a text of a language without spaces, with the guard that it is for."""
    lists = _read(language)
    found = dict.fromkeys(NEGATING[language], "negation")
    for name in ("months", "weekdays", "days"):
        found |= dict.fromkeys(lists[name], "date")
    return found | dict.fromkeys(lists["numbers"], "number")


def languages_of(one: str, other: str) -> tuple[str, ...]:
    """The languages that two texts may be in, the likeliest first.

    Of each script that is used enough, those languages of which the most small words are found, or half as many (of
    English a quarter); all of the script where none is.
    """
    letters: dict[str, int] = {}
    for text in (one, other):
        for script, count in _letters(text).items():
            letters[script] = letters.get(script, 0) + count
    if "ja" in letters:
        letters["ja"] += letters.pop("han", 0)
    total = sum(letters.values())
    found: list[str] = []
    for script in sorted(letters, key=lambda script: -letters[script]):
        if letters[script] >= _SHARE * total:
            found += _likeliest(_OF_SCRIPT.get(script, (script,)), one, other)
    return tuple(found)


def _likeliest(languages: tuple[str, ...], one: str, other: str) -> list[str]:
    if len(languages) == 1:
        return list(languages)
    ours, theirs = _small_words(one), _small_words(other)
    counts = {language: ours.get(language, 0) + theirs.get(language, 0) for language in languages}
    most = max(counts.values())
    if not most:
        return list(languages)
    # English words stand in texts of all languages.
    least = {language: most / 4 if language == "en" else most / 2 for language in languages}
    return sorted(
        (each for each in languages if counts[each] and counts[each] >= least[each]),
        key=lambda each: -counts[each],
    )


def quoted(words: tuple[str, ...], languages: tuple[str, ...]) -> list[str]:
    """Other languages that a few words are in: two or more are small words of it, and as many as of those known."""
    counts: dict[str, int] = {}
    known = 0
    for word in words:
        having = _languages_with().get(word, ())
        known += any(language in languages for language in having)
        for language in having:
            counts[language] = counts.get(language, 0) + 1
    least = max(known, 2)
    return [each for each, count in counts.items() if count >= least and each not in languages]


@lru_cache(maxsize=1 << 12)
def _letters(text: str) -> dict[str, int]:
    """How many letters of each script the words of a text have."""
    found: dict[str, int] = {}
    for word in folded_words(text):
        script = _script(word[0])
        if script:
            found[script] = found.get(script, 0) + (len(word) if script in ("latin", "cyrillic") else 1)
    return found


@lru_cache(maxsize=1 << 12)
def _small_words(text: str) -> dict[str, int]:
    """How many small words of each language a text has."""
    found: dict[str, int] = {}
    for word in folded_words(text):
        for language in _languages_with().get(word, ()):
            found[language] = found.get(language, 0) + 1
    return found


@cache
def _languages_with() -> dict[str, list[str]]:
    """The languages that have a small word."""
    found: dict[str, list[str]] = {}
    for language, words in FUNCTION.items():
        for word in words:
            found.setdefault(word, []).append(language)
    return found


@lru_cache(maxsize=1 << 12)
def _script(character: str) -> str | None:
    code = ord(character)
    return next((script for first, last, script in _SCRIPTS if first <= code <= last), None)
