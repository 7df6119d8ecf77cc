"""The comments by which a text says what is to be left alone: `<!-- dedup: ignore - the licence asks for it -->`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from dedup.sources.encoding import decode_block

IGNORE, START, END, FILE = WORDS = ("ignore", "ignore-start", "ignore-end", "ignore-file")

MARK = b"dedup:"
"""What every such comment holds; a text without it has none."""

LIKE_MARK = b"dedup"
"""What, in lower case, a comment holds that was meant to be one."""

_LIKE = rb"(?!dedup:)(?=(?i:dedup)[\s:_-])"

_SHOWN = 60

# How a comment begins and ends; one that has no end goes to the end of its line. None has its own beginning in it, by
# which the time for many that are not ended does not grow with their square.
_MARKUP = (rb"<!--", rb"-->")
_HASH = (rb"\#", b"")
_TEMPLATES = (
    (rb"\{/\*", rb"\*/\}"),
    (rb"\{\{-?[ \t]*/\*", rb"\*/[ \t]*-?\}\}"),
    (rb"\{%-?[ \t]*comment[ \t]*-?%\}", rb"\{%-?[ \t]*endcomment[ \t]*-?%\}"),
)
_LINES = ((rb"\.\.[ \t]", b""), (rb"//", b""))


@cache  # most runs meet no such comment
def _compiled(*forms: tuple[bytes, bytes], mark: bytes = MARK) -> re.Pattern[bytes]:
    """Comments of these forms that stand on lines of their own; the last group of a match is what they say."""
    said = [
        opening + rb"\s*%b((?:(?!%b|%b).)*)%b" % (mark, opening, closing, closing)
        if closing
        else opening + rb"[ \t]*%b([^\r\n]*)" % mark
        for opening, closing in forms
    ]
    line = rb"(?:^|(?<=\r))[ \t>]*(?:%b)[ \t]*(?=[\r\n]|\Z)" % b"|".join(said)
    return re.compile(line, re.MULTILINE | re.DOTALL)


_INLINE = re.compile(rb"<!--\s*dedup:(?:(?!<!--|-->).)*-->", re.DOTALL)
_INLINE_LIKE = re.compile(rb"<!--\s*%b((?:(?!<!--|-->).)*)-->" % _LIKE, re.DOTALL)
_SAYS = re.compile(r"([^\s–—]*)(?:(?:\s+--?|\s*[–—]).*)?\Z", re.DOTALL)

# After a word that is only like one of ours nothing stands but a reason; else the comment just talks about dedup.
_SAYS_LIKE = re.compile(
    r"dedup(?:\s?:+\s?|[\s_-])(ignore(?:[\s_-]?(?:start|end|file))?(?![\w-])|[\w-]+(?=\s--?\s|\s?[–—]|\Z))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment for us: its range in the bytes it was found in, its word, and what is wrong with it, if anything."""

    start: int
    end: int
    word: str
    wrong: str | None


def find_comments(raw: bytes) -> list[Comment]:
    """The comments for us that stand on lines of their own, in any form that a format has."""
    pattern = _compiled(_MARKUP, *_TEMPLATES, *_LINES, _HASH)
    return [comment for match in pattern.finditer(raw) if (comment := _read(match))]


def find_inline(raw: bytes) -> list[tuple[int, str]]:
    """Where comments of HTML's form for us begin, on lines of their own or not, with all that each is."""
    return [(match.start(), decode_block(match[0])) for match in _INLINE.finditer(raw)]


def find_like(raw: bytes, *, is_text: bool) -> list[Comment]:
    """Comments on lines of their own that are written nearly as those for us, such as `<!-- dedup-ignore -->`."""
    forms = (_MARKUP, _HASH) if is_text else (_MARKUP, *_TEMPLATES, *_LINES, _HASH)
    found = _compiled(*forms, mark=_LIKE).finditer(raw)
    return [comment for match in found if (comment := _read_like(match))]


def find_inline_like(raw: bytes) -> list[Comment]:
    """Comments of HTML's form, on lines of their own or not, that are written nearly as those for us."""
    return [comment for match in _INLINE_LIKE.finditer(raw) if (comment := _read_like(match))]


def is_comment_line(line: bytes) -> bool:
    """Whether a line of plain text, without its end, is a comment for us: as in HTML, or after a `#`."""
    match = _compiled(_MARKUP, _HASH).fullmatch(line)
    return match is not None and _read(match) is not None


def blanked(text: str) -> str:
    """A text with the comments in forms that no parser of Markdown knows as spaces, as many as their bytes."""

    def spaces(match: re.Match[bytes]) -> bytes:
        comment = match[0].lstrip(b"> \t")
        return match[0][: -len(comment)] + re.sub(rb"[^\r\n]", b" ", comment)

    return _compiled(*_TEMPLATES).sub(spaces, text.encode("utf-8")).decode("utf-8")


def _read(match: re.Match[bytes]) -> Comment | None:
    """What a match says; None where a line with a `#` is about something else."""
    assert match.lastindex is not None
    said = " ".join(decode_block(match[match.lastindex]).split())
    says = _SAYS.match(said)
    word = says[1] if says else said.split(" ")[0]
    wrong = None
    if word not in WORDS:
        near = get_close_matches(word.lower(), WORDS, n=1, cutoff=0.6)
        if not near and match[0].lstrip(b" \t>").startswith(b"#"):
            return None
        hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(WORDS[:-1])} and {WORDS[-1]}"
        wrong = f'unknown "dedup: {word[:_SHOWN]}"; {hint}'
    elif not says:
        wrong = f'"dedup: {said[:_SHOWN]}": a reason stands after a dash'
    return Comment(match.start(), match.end(), word, wrong)


def _read_like(match: re.Match[bytes]) -> Comment | None:
    """What a match was to say; None where it is about something else."""
    assert match.lastindex is not None
    says = _SAYS_LIKE.match(" ".join(decode_block(match[match.lastindex]).split()))
    if not says:
        return None
    words = {word.replace("-", ""): word for word in WORDS}
    near = get_close_matches(re.sub(r"[\s_-]", "", says[1].lower()), words, n=1, cutoff=0.75)
    if not near:
        return None
    word = words[near[0]]
    return Comment(
        match.start(), match.end(), word, f'unknown "{says[0][:_SHOWN]}"; did you mean "dedup: {word}"?'
    )
