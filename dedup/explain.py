"""Why two places count as a repeat, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dedup.blocks import Kind
from dedup.cleaner import Cleaner
from dedup.decide.difference import Change, in_order
from dedup.decide.facts import trips
from dedup.documents import Document
from dedup.findings import Cleaned
from dedup.match.alike import Likeness, alike
from dedup.match.prepared import Prepared
from dedup.match.verify import edit_similarity, paragraph_similarity, shingle_similarity
from dedup.problems import DedupError
from dedup.report.model import Finding, Flag, Removal
from dedup.settings import Settings


@dataclass(frozen=True, slots=True)
class Spot:
    """One of the two places: the block that a line belongs to; `exempt` says why it is in no comparison, if so."""

    path: str
    line: int
    end_line: int
    kind: str
    words: int
    text: str
    exempt: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Two places compared, and what was decided.

    `similarity` is that of paragraphs, `jaccard` that of their shingle sets, `word_similarity` that of their words in
    order, whether it counts or not. `headlines` is how alike two headlines are, and what counts against them; None
    where one is none. `threshold` is that of the later place's document.
    """

    one: Spot
    other: Spot
    similarity: float
    jaccard: float
    word_similarity: float
    headlines: Likeness | None
    changes: Sequence[Change]
    verdict: str
    threshold: float


def explain(one: Document, line: int, other: Document, other_line: int, settings: Settings) -> Explanation:
    """Two places compared, the later one as a repeat of the earlier one; DedupError where a line has no block."""
    if one.path == other.path and other_line < line:
        line, other_line, one, other = other_line, line, other, one
    cleaner = Cleaner(settings)
    prepared = cleaner.prepare([one, other])
    first, second = _spot(prepared[0], line), _spot(prepared[1], other_line)
    similarity = paragraph_similarity(first.text, second.text)
    own = cleaner.settings_of(other.path)
    cleaned = list(cleaner.feed([one] if (one.path, one.row) == (other.path, other.row) else [one, other]))[
        -1
    ]
    return Explanation(
        one=first,
        other=second,
        similarity=similarity,
        jaccard=shingle_similarity(first.text, second.text),
        word_similarity=edit_similarity(first.text, second.text),
        headlines=alike(first.text, second.text)
        if first.kind == second.kind == Kind.HEADLINE.label
        else None,
        changes=in_order(first.text, second.text),
        verdict=_verdict(first, second, cleaned, own, similarity),
        threshold=own.threshold,
    )


def _spot(prepared: Prepared, line: int) -> Spot:
    blocks, document = prepared.blocks, prepared.document
    for block in range(len(blocks)):
        first = document.line(int(blocks.start[block]), int(blocks.line[block]))
        last = document.line(int(blocks.end[block]) - 1, int(blocks.end_line[block]))
        # Of a row its first block is shown: it has but one line.
        if document.row or first <= line <= last:
            return Spot(
                path=document.path,
                line=first,
                end_line=last,
                kind=Kind(prepared.kinds[block]).label,
                words=prepared.counts[block],
                text=prepared.texts[block],
                exempt=_exempt(prepared, block),
            )
    raise DedupError(f"{document.path}:{line}: no block stands on this line")


def _exempt(prepared: Prepared, block: int) -> str | None:
    if block in prepared.allowed:
        return f"it is allowed to repeat, `{prepared.allowed[block]}` is found in it"
    lines = [each.line for each in prepared.ignored.directives if block in each.blocks]
    if not lines:
        return None
    return "a comment in it says so" if prepared.document.row else f"the comment on line {lines[0]} says so"


def _verdict(first: Spot, second: Spot, cleaned: Cleaned, settings: Settings, similarity: float) -> str:
    """What was decided about the second place, in a sentence."""
    if first.line == second.line and first.path == second.path:
        return "these are one and the same block"
    here = f"{second.path}:{second.line}"
    findings: list[Finding] = [*cleaned.removals, *cleaned.flags, *cleaned.variants]
    finding = next((finding for finding in findings if finding.line == second.line), None)
    if finding is not None:
        twin = f"{finding.kept.document}:{finding.kept.line}"
        told = f"{finding.rule} {int(finding.similarity * 100) / 100:.2f}, a repeat of {twin}"
        if isinstance(finding, Removal):
            return f"{here} goes: {told}"
        if finding in cleaned.variants:
            return f"{here} stays: a deliberate variant, it differs in its document's own subject ({told})"
        is_twin = (finding.kept.document, finding.kept.line) == (first.path, first.line)
        return f"{here} stays and is flagged: {told}{_because(finding, (first, second) if is_twin else None)}"
    for spot in (first, second):
        if spot.exempt is not None:
            return f"{spot.path}:{spot.line} is left out of the comparison: {spot.exempt}"
        if spot.kind == Kind.PROTECTED.label:
            return f"{spot.path}:{spot.line} is protected: never compared, never removed"
    if Kind.HEADLINE.label in (first.kind, second.kind):
        return f"{here} stays: a headline that is not repeated, or that structures its document"
    if second.kind == Kind.LIST_ITEM.label or second.words < settings.min_words:
        return f"{here} stays: list items and blocks of fewer than {settings.min_words} words go only as part of a run"
    if similarity < settings.threshold:
        return f"{here} stays: the similarity is below the threshold of {settings.threshold}"
    return f"{here} stays: {first.path}:{first.line} is not compared with it under these settings"


def _because(flag: Flag, compared: tuple[Spot, Spot] | None) -> str:
    """The guard, with the words that tripped it where the two places are the flag's own."""
    if not flag.guard:
        return ", and near-duplicates are only flagged"
    told = f", kept by the guard `{flag.guard}`"
    tripped = trips(compared[0].text, compared[1].text, same_links=True) if compared else ()
    trip = next((trip for trip in tripped if trip.guard == flag.guard), None)
    if trip is None or not (trip.one or trip.other):
        return told
    one, other = (" ".join(words) or "–" for words in (trip.one, trip.other))
    return f"{told}: {one} / {other}"
