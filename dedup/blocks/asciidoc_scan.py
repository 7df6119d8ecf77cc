"""AsciiDoc lines into rows: what Asciidoctor's `Parser.next_section` and `next_block` make of a document.

Sections are titles in a row here, and the preprocessor's lines are passed over as if all that they stand around were
there; what stands in conditions, or beside what the preprocessor may put in, stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from dedup.blocks.asciidoc_conditions import Conditions
from dedup.blocks.asciidoc_inline import read_inline
from dedup.blocks.asciidoc_lines import (
    CONTINUATION,
    SPACE,
    Item,
    attributes_of,
    directive_of,
    entry_of,
    is_block_title,
    is_break,
    is_comment,
    is_comment_fence,
    is_compound,
    is_macro,
    is_media,
    item_of,
    section_of,
    terminator_of,
)
from dedup.blocks.asciidoc_lists import list_end, list_rows
from dedup.blocks.asciidoc_rows import Above, Row
from dedup.blocks.columns import BOLD_LEVEL, Kind, Role
from dedup.blocks.text import BOLD_WORDS

DEEPEST = 16
"""Delimited blocks that are nested deeper are protected as a whole."""

_VERBATIM = frozenset(("literal", "listing", "source", "verse"))
_ADMONITIONS = frozenset(("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"))
_HOLDING = _ADMONITIONS | {"", "example", "sidebar", "quote", "open", "abstract"}
_LIST_STYLES = frozenset(
    "square circle disc none no-bullet unstyled horizontal qanda arabic decimal loweralpha upperalpha lowerroman "
    "upperroman lowergreek".split()
).union(("",))
_BOLD = re.compile(r"\*\*(?=\S)[^*]+(?<=\S)\*\*|\*(?=\S)[^*]+(?<=\S)\*")
_ADMONITION = re.compile(rf"({'|'.join(sorted(_ADMONITIONS))}):[ \t]+")
_TEMPLATE = re.compile(r"[ \t]*\{[{%]")
_ARMOR = re.compile(r"-----BEGIN [A-Z ]+-----")
_ASIDE = ("comment", "entry", "directive")
_FENCES = ("---", "+++")


class Scanner:
    """Reads the lines of a document; `rows`, `title` and `values` are what it found.

    `lines` are what the parser sees, `shown` what a reader sees where the text is not UTF-8.
    """

    def __init__(self, lines: Sequence[str], shown: Sequence[str]) -> None:
        self.lines = lines
        self.rows: list[Row] = []
        self.title = ""
        self.values: dict[str, str] = {}
        self._lists = 0
        self._shown = shown
        self._head = True
        self._part = False
        self._carried = False
        self._special: int | None = None
        self._conditions = Conditions(lines)
        self._ends: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            if terminator_of(line) == line:
                self._ends.setdefault(line, []).append(number)

    def scan(self) -> None:
        """Read the whole document."""
        lines = self.lines
        first = next((number for number, line in enumerate(lines) if line), len(lines))
        if first < len(lines) and _ARMOR.fullmatch(lines[first]):
            self.rows.append(Row(first, self.last_said(first, len(lines)), "armor"))
            return
        self._body(self._front_matter(), len(lines), 0)
        # In these, what stands first means something else than the same below it.
        if self.values.get("doctype") in ("manpage", "inline"):
            for row in self.rows:
                row.protect()
        self._protect_loose()

    # Lines.

    def close_of(self, terminator: str, first: int, stop: int) -> int:
        """The line that ends a delimited block, `stop` where none does."""
        ends = self._ends.get(terminator, [])
        at = bisect_left(ends, first)
        return ends[at] if at < len(ends) and ends[at] < stop else stop

    def last_said(self, first: int, stop: int) -> int:
        """The last line before `stop` that is not blank."""
        last = stop - 1
        while last > first and not self.lines[last]:
            last -= 1
        return last

    def text(self, first: int, last: int) -> str:
        """What a reader sees of the lines of a block, before markup is read."""
        return "\n".join(self._shown[number].lstrip(SPACE) for number in range(first, last + 1))

    def add(self, row: Row, above: Above | None) -> None:
        """Put a row to the others, with what stands above it."""
        if above is not None:
            row.first = above.first
            row.links += above.says
            row.named = row.named or above.named
            if row.kind == Kind.HEADLINE and not above.mixed:
                row.fixed = True
            elif above.mixed or above.named or (row.group and above.style not in _LIST_STYLES):
                row.kind, row.level, row.visible = Kind.PROTECTED, 0, ""
        conditional = self._conditions.holds(row.first)
        if conditional or self._conditions.touch(row.first, row.last):
            row.protect()
            row.loose = conditional or row.role != Role.SHOWN
        if (self._part or self._carried) and not row.tag.startswith("section"):
            row.protect()
        self._carried = self._carried and row.tag in _ASIDE
        self.rows.append(row)

    def _ends_alike(self, at: int, stop: int, last: int, item: Item) -> bool:
        """Whether a list ends where it does also without what stands in conditions."""
        if not self._conditions.begin(at, last):
            return True
        bare = self._conditions.without
        first, end = sorted((last + 1, list_end(bare, at, stop, item, self.close_of)))
        return all(not line or directive_of(line) for line in bare[first:end])

    def _protect_loose(self) -> None:
        """Protect what stands beside lines that only the preprocessor knows."""
        loose = [number for number, row in enumerate(self.rows) if row.loose]
        for number in loose:
            for row in self.rows[max(number - 1, 0) : number + 2]:
                row.protect()

    # Sections and blocks.

    def _front_matter(self) -> int:
        """The line after what other tools take off the beginning; left to itself Asciidoctor reads it as text."""
        lines = self.lines
        if not lines or lines[0] not in _FENCES:
            return 0
        for number in range(1, len(lines)):
            if lines[number] == lines[0]:
                self.rows.append(Row(0, number, "front matter", loose=True))
                return number + 1
            if terminator_of(lines[number]) is not None or directive_of(lines[number]):
                break
        return 0

    def _body(self, at: int, stop: int, depth: int) -> None:
        """The blocks between two lines: of the document (`depth` 0) or of a delimited block."""
        above: Above | None = None
        lines = self.lines
        while at < stop:
            line = lines[at]
            if not line:
                at += 1
            elif (what := directive_of(line)) is not None:
                at = self._directive(at, stop, what, above)
                above = None if above is not None and above.style else above
            elif is_comment(line):
                at = self._aside(Row(at, at, "comment"), above)
            elif is_comment_fence(line):
                last = min(self.close_of(line, at + 1, stop), stop - 1)
                at = self._aside(Row(at, last, "comment"), above)
            elif (entry := entry_of(line)) is not None:
                at = self._entry(at, stop, entry, above)
            elif (attributes := attributes_of(line)) is not None or is_block_title(line):
                above = above or Above(at)
                above.says.append(line)
                if attributes is None:
                    above.titled = True
                else:
                    above.style = attributes.style or above.style
                    above.named |= attributes.named
                at += 1
            else:
                at = self._block(at, stop, depth, above)
                above = None
                self._head = False
        if above is not None:
            self.add(Row(above.first, self.last_said(above.first, stop), "attributes"), None)

    def _aside(self, row: Row, above: Above | None) -> int:
        """A line that is no block; between attribute lines and their block it belongs to them."""
        if above is None:
            self.add(row, None)
        else:
            above.mixed = True
        return row.last + 1

    def _directive(self, at: int, stop: int, what: str, above: Above | None) -> int:
        """A line of the preprocessor, with the lines below that what it puts in may run into."""
        styled = above is not None and above.style != ""
        if styled and what != "include":
            return self._give_up(at, above)
        last, text = at, styled
        while what in ("include", "line") and last + 1 < stop and (line := self.lines[last + 1]):
            if not styled and (terminator_of(line) is not None or attributes_of(line) is not None):
                break
            entry = entry_of(line)
            if not text and entry is None and item_of(line) is not None:
                break  # a list, if nothing is put in
            last += 1
            text = text or entry is None
            if entry is not None:
                last = self._set(last, stop, entry)
        row = Row(at, last, "directive", role=Role.WRAPPER)
        if not styled:
            return self._aside(row, above)
        self.add(row, above)
        return last + 1

    def _entry(self, at: int, stop: int, entry: tuple[str, str], above: Above | None) -> int:
        # In the header an attribute says other things than below it.
        last = self._set(at, stop, entry)
        return self._aside(Row(at, last, "header entry" if self._head else "entry"), above)

    def _set(self, at: int, stop: int, entry: tuple[str, str]) -> int:
        """Set or unset an attribute; the last line of its value."""
        name, value = entry
        mark = value[-2:]
        while mark in (" \\", " +") and value.endswith(mark) and at + 1 < stop and self.lines[at + 1]:
            at += 1
            value = f"{value[:-2].rstrip()} {self.lines[at].lstrip()}"
        if "!" in (name[:1], name[-1:]):
            self.values.pop(name.strip("!").lower(), None)
        else:
            self.values[name.lower()] = value
        return at

    def _block(self, at: int, stop: int, depth: int, above: Above | None) -> int:
        lines, line = self.lines, self.lines[at]
        below = lines[at + 1] if at + 1 < stop else ""
        style = above.style if above else ""
        discrete = style in ("discrete", "float")
        if depth == 0 and not discrete and (section := section_of(line, below)):
            return self._section(at, stop, section, above)
        if (terminator := terminator_of(line)) is not None:
            return self._delimited(at, stop, depth, terminator, above)
        if style in _VERBATIM:
            last = at
            while last + 1 < stop and lines[last + 1] and lines[last + 1] != CONTINUATION:
                last += 1
            self.add(Row(at, last, style, role=Role.SHOWN), above)
            return last + 1
        if is_break(line):
            self.add(Row(at, at, "break"), above)
            return at + 1
        if line[0] not in SPACE and is_media(line):
            self.add(Row(at, at, "media", role=Role.SHOWN), above)
            return at + 1
        if (item := item_of(line)) is not None:
            return self._list(at, stop, item, above)
        if discrete and (section := section_of(line, below)):
            self._headline(at, section, BOLD_LEVEL, "discrete", above)
            return at + section[2]
        return self._paragraph(at, stop, depth, above)

    def _section(self, at: int, stop: int, section: tuple[int, str, int], above: Above | None) -> int:
        level, title, count = section
        if level == 0 and self._head:
            return self._header(at, stop, count, title, above)
        self._part = False
        carried = self._carried or (above is not None and above.titled)
        self._headline(at, section, level + 1, "section", above)
        if self._special is not None and level <= self._special:
            # An appendix and its like end here; what stands below would go on with it.
            self.rows[-1].fixed, self._special = True, None
        if above is not None and above.style:
            self._special = level
        # Parts of a book: how the text below one is taken depends on what comes first.
        self._part = level == 0
        # The title of a block that turns out to be a section is given to the next one.
        self._carried = carried
        return at + count

    def _headline(
        self, at: int, section: tuple[int, str, int], level: int, tag: str, above: Above | None
    ) -> None:
        _, title, count = section
        if self._shown is not self.lines:
            found = section_of(self._shown[at], self._shown[at + 1] if count > 1 else "")
            title = found[1] if found else self._shown[at]
        shown = read_inline(title, self.values)
        row = Row(at, at + count - 1, f"{tag} {level}", Kind.HEADLINE, level, visible=shown.visible)
        row.links, row.fixed, row.named = shown.links, shown.bound, "[[" in title
        self.add(row, above)

    def _header(self, at: int, stop: int, count: int, title: str, above: Above | None) -> int:
        """The title of the document, with the lines of its authors, its revision and its attributes."""
        self.title = read_inline(title, self.values).visible
        if self.rows and self.rows[0].tag == "front matter":
            # To who does not know front matter, what follows is no header.
            below = at + count
            while below < stop and (line := self.lines[below]):
                if terminator_of(line) is not None or attributes_of(line) is not None:
                    return self._give_up(at, above)
                below += 1
        self.add(Row(at, at + count - 1, "header"), above)
        at = self._entries(at + count, stop)
        for _ in ("authors", "revision"):
            if at < stop and self.lines[at]:
                self.add(Row(at, at, "header"), None)
                at = self._entries(at + 1, stop)
        return at

    def _entries(self, at: int, stop: int) -> int:
        while at < stop and (line := self.lines[at]):
            if (entry := entry_of(line)) is not None:
                at = self._entry(at, stop, entry, None)
            elif is_comment_fence(line):
                at = self._aside(Row(at, min(self.close_of(line, at + 1, stop), stop - 1), "comment"), None)
            elif is_comment(line) or directive_of(line):
                at = self._aside(Row(at, at, "comment" if is_comment(line) else "directive"), None)
            else:
                break
        return at

    def _delimited(self, at: int, stop: int, depth: int, terminator: str, above: Above | None) -> int:
        close = self.close_of(terminator, at + 1, stop)
        last = close if close < stop else self.last_said(at, stop)
        style = above.style if above else ""
        if not self._conditions.are_whole(at, last):
            return self._give_up(at, above)
        if not is_compound(terminator) or close == stop or style not in _HOLDING or depth == DEEPEST:
            self.add(Row(at, last, f"block {terminator[:4]}", role=Role.SHOWN), above)
            return last + 1
        self.add(Row(at, at, f"open {terminator[:4]} {depth}", role=Role.WRAPPER), above)
        self._body(at + 1, close, depth + 1)
        if self.rows[-1].last >= close:
            return len(self.lines)
        self.add(Row(close, close, f"close {depth}", role=Role.WRAPPER), None)
        return close + 1

    def _give_up(self, at: int, above: Above | None) -> int:
        """Protect all that follows, where a condition decides how it is read."""
        self.add(Row(at, self.last_said(at, len(self.lines)), "unknown"), above)
        return len(self.lines)

    def _list(self, at: int, stop: int, item: Item, above: Above | None) -> int:
        end = list_end(self.lines, at, stop, item, self.close_of)
        last = self.last_said(at, end)
        if not self._conditions.are_whole(at, last) or not self._ends_alike(at, stop, last, item):
            return self._give_up(at, above)
        self._lists += 1
        for number, (row, words) in enumerate(list_rows(self.lines, self._shown, at, last, self.close_of)):
            shown = read_inline(words, self.values)
            row.group = self._lists
            row.tag = "item" if number else "list"
            row.visible = shown.visible
            row.links += shown.links
            if shown.bound or item.list == "<":
                row.protect()
            self.add(row, None if number else above)
        return end

    def _paragraph(self, at: int, stop: int, depth: int, above: Above | None) -> int:
        lines, line = self.lines, self.lines[at]
        last = at
        while last + 1 < stop and (following := lines[last + 1]) and following != CONTINUATION:
            if terminator_of(following) is not None or attributes_of(following) is not None:
                break
            last += 1
        style = above.style if above else ""
        if line[0] in SPACE and not style:
            self.add(Row(at, last, "literal", role=Role.SHOWN), above)
            return last + 1
        row = Row(at, last, "paragraph", Kind.PARAGRAPH)
        words = self.text(at, last)
        if match := _ADMONITION.match(words):
            row.links.append(match[1])
            words = words[match.end() :]
        shown = read_inline(words, self.values)
        row.visible = shown.visible
        row.links += shown.links
        if style or shown.bound or self._is_special(at, last, stop):
            row.kind, row.visible = Kind.PROTECTED, ""
            row.role = Role.WRAPPER if is_macro(line) or _TEMPLATE.match(line) else Role.NONE
        elif above is None and at == last and _BOLD.fullmatch(line) and len(line.split()) <= BOLD_WORDS:
            row.kind, row.level = Kind.HEADLINE, BOLD_LEVEL
        self.add(row, above)
        return last + 1

    def _is_special(self, at: int, last: int, stop: int) -> bool:
        """Whether a paragraph is more than its text, or would be read otherwise in another place."""
        lines = self.lines
        return (
            lines[at].startswith("> ")
            or lines[at] == CONTINUATION
            or (last + 1 < stop and lines[last + 1] == CONTINUATION)
            or section_of(lines[at], lines[at + 1] if last > at else "") is not None
            or is_macro(lines[at])
            or any(is_comment(line) or _TEMPLATE.match(line) for line in lines[at : last + 1])
        )
