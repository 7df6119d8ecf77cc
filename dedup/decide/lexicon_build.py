"""Makes the word lists of `lexicons/` from CLDR: `python -m dedup.decide.lexicon_build` writes them out.

Months, weekdays, days near today, units, currencies and territories come from Babel, number words from the spelling
rules of CLDR as unicode-rbnf has them. Both are needed here alone: what a check reads is the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dedup.decide.lexicon_languages import FOLDER, FUNCTION, UNSPACED
from dedup.words import folded_words

MADE_WITH = "made-with.json"

VARIANTS = {"en": ("en_GB",), "pt": ("pt_PT",), "es": ("es_419",), "zh": ("zh_Hant",)}
"""What else a language is written like."""

UNITS = (
    "length-kilometer length-meter length-centimeter length-millimeter length-micrometer length-nanometer length-mile "
    "length-yard length-foot length-inch length-light-year mass-kilogram mass-gram mass-milligram mass-microgram mass-tonne "
    "mass-ton mass-pound mass-ounce mass-carat volume-liter volume-milliliter volume-centiliter volume-deciliter "
    "volume-hectoliter volume-megaliter volume-gallon volume-pint volume-quart volume-barrel volume-bushel "
    "volume-tablespoon volume-teaspoon area-hectare area-acre temperature-celsius temperature-fahrenheit "
    "temperature-kelvin angle-degree digital-bit digital-byte digital-kilobit digital-kilobyte digital-megabit "
    "digital-megabyte digital-gigabit digital-gigabyte digital-terabyte digital-petabyte energy-calorie "
    "energy-kilocalorie energy-joule energy-kilojoule power-watt power-kilowatt power-megawatt power-gigawatt "
    "power-horsepower electric-volt electric-ampere electric-milliampere electric-ohm frequency-hertz "
    "frequency-kilohertz frequency-megahertz frequency-gigahertz pressure-pascal pressure-hectopascal "
    "pressure-kilopascal pressure-megapascal pressure-bar pressure-millibar speed-knot duration-millisecond "
    "duration-microsecond duration-nanosecond"
).split()

SPANS = "year month week day hour minute decade century fortnight".split()

CURRENCIES = (
    "USD AUD CAD NZD EUR GBP EGP JPY CNY INR PKR RUB CHF BRL KRW TRY PLN CZK SEK NOK DKK HUF RON BGN UAH ILS THB VND "
    "IDR MYR ZAR MXN ARS CLP COP PHP SAR AED IRR BDT"
).split()

COUNTED = (*range(101), *range(200, 1000, 100), 1000, 10**4, 10**6, 10**8, 10**9, 10**12)

COMMON_WORDS = frozenset("chad china georgia guinea jersey jordan mali niger togo turkey".split())
"""Territories whose English names mean something else in small letters."""

Pairs = Iterator[tuple[str, str]]
"""A name as people write it, and what it stands for."""


def build(language: str) -> dict[str, Any]:
    """The word lists of one language, the words folded; of one written without spaces they are searched in the text."""
    from babel import Locale

    locales = [Locale.parse(name) for name in (language, *VARIANTS.get(language, ()))]
    spans = [f"duration-{span}" for span in SPANS]
    made: dict[str, dict[str, str]] = {
        "months": _folded(language, (pair for locale in locales for pair in _months(locale))),
        "weekdays": _folded(language, (pair for locale in locales for pair in _weekdays(locale))),
        "days": _folded(language, (pair for locale in locales for pair in _near_days(locale))),
        "spans": _folded(language, (pair for locale in locales for pair in _units(locale, spans, ("long",)))),
        "units": _folded(
            language, (pair for locale in locales for pair in _units(locale, UNITS, ("long", "short")))
        ),
        "currencies": _currencies(language, locales[0]),
        "numbers": _numbers(language, ("spellout-cardinal", "spellout-numbering")),
        "ordinals": _numbers(language, ("spellout-ordinal",)),
    }
    for words in made.values():
        for word in FUNCTION[language].intersection(words):
            del words[word]
    places = _folded(language, ((name, name) for locale in locales for name in _territories(locale)))
    least = 2 if language in UNSPACED else 4
    whole = {word for locale in locales for word in _wide(language, locale)}
    return {
        **made,
        "short": sorted({*made["months"], *made["weekdays"]} - whole),
        "places": sorted(word for word in places if len(word) >= least and word not in COMMON_WORDS),
    }


def _folded(language: str, pairs: Pairs) -> dict[str, str]:
    """The names that are one word, with what they stand for; of two that are written the same the first."""
    found: dict[str, str] = {}
    for name, meaning in pairs:
        words = folded_words(name)
        if language in UNSPACED and words:
            found.setdefault("".join(words), meaning)
        elif len(words) == 1 and not words[0].isdigit():
            found.setdefault(words[0], meaning)
    return found


def _months(locale: Any) -> Pairs:
    for context in ("format", "stand-alone"):
        # Two letters found anywhere in a text without spaces are no month.
        for width in ("wide",) if locale.language in UNSPACED else ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                yield name, f"month {number}"


def _weekdays(locale: Any) -> Pairs:
    # Two letters stand for something else more often.
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.days[context][width].items():
                if len(name) > (1 if locale.language in UNSPACED else 2):
                    yield name, f"weekday {number + 1}"


def _wide(language: str, locale: Any) -> Iterable[str]:
    """The whole names of months and weekdays."""
    kinds = (locale.months, locale.days)
    names = [kind[context]["wide"].values() for kind in kinds for context in ("format", "stand-alone")]
    return _folded(language, ((name, "") for each in names for name in each))


def _near_days(locale: Any) -> Pairs:
    for distance, name in locale._data["date_fields"]["day"].get("relative", {}).items():
        yield name, f"day {distance:+d}"


def _units(locale: Any, units: Iterable[str], lengths: Iterable[str]) -> Pairs:
    for length in lengths:
        for unit in units:
            for form, pattern in locale._data["unit_patterns"].get(unit, {}).get(length, {}).items():
                # What a language has no name for is there by the name of all languages.
                if form != "per" and pattern not in ("{0} fw", "{0} dec"):
                    yield pattern.replace("{0}", ""), unit.partition("-")[2]


def _territories(locale: Any) -> Iterator[str]:
    return (name for code, name in locale.territories.items() if code.isalpha())


def _currencies(language: str, locale: Any) -> dict[str, str]:
    """What currencies are called, without the country: the word that fewer currencies have for themselves."""
    names: list[tuple[str, tuple[str, ...]]] = []
    for code in CURRENCIES:
        forms = locale._data["currency_names_plural"].get(code, {})
        single = folded_words(forms.get("one", locale.currencies.get(code, "")))
        for form in (locale.currencies.get(code, ""), *forms.values()):
            words = folded_words(form)
            if words and single and not (set(form) & set("()0123456789")):
                names += [(code, single), (code, words)]
    if not names or language in UNSPACED:
        return {}
    single_names = dict(reversed(names))
    at = min((0, -1), key=lambda end: len({words[end] for words in single_names.values()}))
    noun = {code: words[at] for code, words in single_names.items()}
    found: dict[str, str] = {}
    for code, words in names:
        if len(words[at]) > 1:
            found.setdefault(words[at], noun[code])
    return {word: found.get(meaning, meaning) for word, meaning in found.items()}


def _numbers(language: str, rulesets: tuple[str, ...]) -> dict[str, str]:
    """Words for numbers that are one word, and those for a thousand and more where another number stands before."""
    from unicode_rbnf import RbnfEngine

    try:
        engine = RbnfEngine.for_language(language)
    except ValueError:
        return {}
    names = [name for name in engine.rulesets if name.startswith(rulesets) and not name.endswith("-year")]
    found: dict[str, str] = {}
    for number in COUNTED if names else ():
        for times in (1, 2, 5) if number >= 1000 and "ordinal" not in rulesets[0] else (1,):
            # Other forms of the larger numbers are many and seldom written out.
            wanted = names if number <= 31 or number % 100 == 0 else names[:1]
            for text in _spelled(engine, number * times, wanted):
                words = folded_words(text)
                if language == "th" and (number <= 10 or number >= 100) and times == 1:
                    words = ("".join(words),)
                if len(words) == 2 and number >= 100 and found.get(words[0], "1") == str(times):
                    words = words[1:]
                    found.setdefault(words[0], str(number))
                elif len(words) == 1 and not any(map(str.isdigit, words[0])):
                    found.setdefault(words[0], str(number * times))
    return found


def _spelled(engine: Any, number: int, rulesets: list[str]) -> Iterable[str]:
    from unicode_rbnf.engine import NoRuleForNumberError

    try:
        found: dict[str, str] = engine.format_number(number, ruleset_names=rulesets).text_by_ruleset
    except NoRuleForNumberError:
        return ()
    return found.values()


def made_with() -> dict[str, str]:
    """The packages that the lists come from, with their versions."""
    return {package: version(package) for package in ("babel", "unicode-rbnf")}


def written(language: str) -> str:
    """The file of a language: one list a line, so that a change can be seen."""
    lists = (f"{json.dumps(name)}:{_compact(words)}" for name, words in build(language).items())
    return "{" + ",\n".join(lists) + "}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main(folder: Path = FOLDER) -> None:
    """Writes the files of all languages."""
    for language in FUNCTION:
        (folder / f"{language}.json").write_text(written(language), "utf-8")
    (folder / MADE_WITH).write_text(json.dumps(made_with()) + "\n", "utf-8")


if __name__ == "__main__":
    main()
