"""The words that every text is full of: what consists of them finds nothing. A list that lacks some costs time only."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from dedup.words.columns import analyse

BITS = 4096

ENGLISH = (
    "the of and to in a is that for it on as was with be by at are from this have has had not but or an which they "
    "will you we he she his her their its been were would there more one who said says also than about if when can "
    "up out into other all some what so no over after only new two time people could do may them these our your us "
    "how where many most such then while because between during before through under against now any being each "
    "very must should like just even first last year years use used using see set name value default example"
)

OTHERS = (
    "und der die das den dem des ein eine ist nicht mit von zu auf für im sich auch als "
    "de la le les des du et en un une est que qui dans pour pas sur au par il ne se "
    "el los las del una con por su para no es al lo como más "
    "o os da do em um não na no que e com uma di che è il non per sono "
    "van het een en dat te op zijn voor met niet "
    "i w na z że się nie do to jest en och att det som är på av og er "
    "и в не на что с по как из это к у за от а для bir ve bu "
    "的 一 是 在 不 了 有 和 人 这 中 大 为 上 个 国 我 以 要 他 の に は を た が で て と し れ さ る い な"
)


@lru_cache(maxsize=1)
def common_bits() -> bytes:
    """A bit for each value of the last twelve bits of a word's hash, set where a common word has it."""
    bits = np.zeros(BITS, bool)
    bits[analyse(f"{ENGLISH} {OTHERS}", 1).hashes & np.uint64(BITS - 1)] = True
    return np.packbits(bits, bitorder="little").tobytes()
