"""Why a finding is one, in a sentence for who has to decide."""

from __future__ import annotations

from dedup.report.model import Finding, Flag
from dedup.report.shown import visible

_GUARDS = {
    "date": "A date differs, so the two may speak of different days.",
    "version": "A version differs, so each may be right for its own.",
    "percent": "A percentage differs, so the two may say different things.",
    "currency": "An amount of money or its currency differs.",
    "unit": "The unit of a number differs, so another quantity is meant.",
    "number": "A number differs, so the two may say different things.",
    "negation": "One of the two denies what the other says.",
    "opposite": "A word stands for its opposite.",
    "link": "A link leads somewhere else.",
    "identifier": "Code, a sign or an identifier differs, so something else may be meant.",
    "name": "A name differs, so the two may speak of different things.",
    "accent": "An accent makes another word of one.",
    "word": "In so short a text a word that stands for another may say something else.",
    "order": "The same words have other parts, so who does it, and to whom, may be another.",
    "wording": "The two headlines are alike, and may still not say the same.",
    "section": "It heads or makes up a section, of which the rest would stay without it.",
    "lead-in": "It leads in what follows, and that would stay without it.",
    "caption": "It may be a note to the code, table or markup above it.",
    "structure": "Without it the rest would read otherwise, so it stays in whatever is decided; it can be kept for good.",
    "parallel": "Both stand in pages or sections of one pattern, which may be meant to say the same.",
    "boilerplate": "It is a short statement that two pages may each have to make.",
    "opening": "A section begins with it.",
    "empty": "Nothing of the document would be left, so the setting `empty` keeps it in whatever is decided.",
}

_RULES = {
    "verbatim": "It repeats the earlier block word for word.",
    "exact": "It has the same words as the earlier block.",
    "near": "It is nearly the same as the earlier block, and no fact differs.",
    "headline": "It repeats an earlier headline, and heads nothing of its own.",
}


def reason_of(finding: Finding) -> str:
    """What a finding is, and why it is flagged, or goes without a decision."""
    if not isinstance(finding, Flag):
        return (
            f"{_RULES.get(finding.rule, 'It repeats the earlier block.')} Without a decision it is taken out."
        )
    if finding.guard is None:
        return "It repeats the earlier block, and the settings leave it to you."
    return _GUARDS.get(finding.guard) or f"The two differ in a fact ({visible(finding.guard)})."
