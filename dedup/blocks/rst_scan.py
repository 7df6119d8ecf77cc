"""The constructs of a reStructuredText document by their lines, as docutils' state machine takes them.

What docutils would complain of, or is too rare to be worth a risk, is one protected piece up to where the next
construct is sure to begin.
"""

from __future__ import annotations

from collections.abc import Callable

from dedup.blocks import rst_lines as syntax
from dedup.blocks.columns import Kind, Role
from dedup.blocks.rst_lines import Enumerator, enumerator_of, width_of
from dedup.blocks.rst_reader import Leaf, Reader

DEEPEST = 40
"""What is nested deeper is protected as a whole."""

_NOTES = frozenset(
    "admonition attention caution danger error hint important note seealso tip warning".split()
)
_ASIDE = frozenset(
    "centered class contents cssclass currentmodule default-domain default-role deprecated highlight include index "
    "meta module moduleauthor py:currentmodule py:module role rst-class rubric sectionauthor sectnum "
    "section-numbering sidebar target-notes title topic versionadded versionchanged versionremoved".split()
)
"""Directives that the paragraph above does not introduce: they show nothing where they stand, or a remark."""

_AROUND = frozenset("container div grid if ifconfig only raw tab tab-item tab-set tabs".split())


class Scanner(Reader):
    """Reads lines into leaves and events."""

    def __init__(self, lines: list[str]) -> None:
        """`lines` are as `read_lines` gives them."""
        super().__init__(lines)
        self._looked_at = self._titles_above = 0

    def scan(self) -> None:
        """Read all lines."""
        self._body(0, len(self._lines), 0, 0)

    def _body(self, first: int, stop: int, indent: int, depth: int) -> None:
        """Read what is indented by `indent`, the first line as if it were."""
        if depth > DEEPEST:
            self._protect(first, stop, "deep")
            return
        number = first
        while number < stop:
            if not self._lines[number]:
                number += 1
                continue
            end = self._construct(number, stop, indent, depth)
            if end < stop and self._lines[end] and self._complains(number, end, indent):
                self._event("Adjoins", end, end + 1)
            number = end

    def _complains(self, first: int, end: int, indent: int) -> bool:
        """Whether docutils misses a blank line after a construct."""
        leaf = self.leaves[-1]
        if leaf.rule or leaf.kind == Kind.HEADLINE:
            return False
        one, other = self._lines[first][indent:], self._lines[end][indent:]
        return not (syntax.EXPLICIT.match(one) and syntax.EXPLICIT.match(other))

    def _construct(self, number: int, stop: int, indent: int, depth: int) -> int:
        """Read one construct, the line after which is the result."""
        line = self._lines[number][indent:]
        if line[0] == " ":
            return self._quote(number, stop, indent, depth)
        if syntax.BULLET.match(line):
            return self._bullets(number, stop, indent, depth)
        enumerator = enumerator_of(line)
        if enumerator is not None and self._may_be_lettered(number, stop, indent):
            return self._lettered(number, stop, indent)
        if enumerator is not None and enumerator.is_plain and self._is_item(enumerator, number, stop, indent):
            return self._enumerated(enumerator, number, stop, indent, depth)
        if syntax.FIELD.match(line):
            return self._marked(number, stop, indent, syntax.FIELD.match, self._fields())
        if syntax.OPTION.match(line):
            return self._marked(number, stop, indent, syntax.OPTION.match, "options")
        for pattern, what, role in (
            (syntax.DOCTEST, "doctest", Role.SHOWN),
            (syntax.LINE_BLOCK, "lines", Role.NONE),
            (syntax.GRID_TABLE, "table", Role.SHOWN),
        ):
            if pattern.match(line):
                return self._opaque(number, stop, indent, what, role)
        if syntax.SIMPLE_TABLE.match(line):
            return self._simple_table(number, stop, indent)
        if syntax.EXPLICIT.match(line):
            return self._explicit(number, stop, indent, depth)
        if syntax.ANONYMOUS.match(line):
            leaf = self._protect(number, self._adjacent(number, stop, indent), "target")
            leaf.about_next = True
            return leaf.last + 1
        if syntax.RULE.match(line):
            end = self._rule(number, stop, indent, depth)
            if end:
                return end
        return self._text(number, stop, indent, depth)

    # The constructs. Each gives the line after it.

    def _quote(self, first: int, stop: int, indent: int, depth: int) -> int:
        end = self._indented(first, stop, indent)
        margin = indent + self._margin(first, end, indent)
        for number in range(first + 1, end):
            if not self._lines[number - 1] and syntax.ATTRIBUTION.match(self._lines[number][margin:]):
                self._protect(first, end, "quotation")
                return end

        def inside() -> int:
            self._body(first, end, margin, depth + 1)
            return end

        return self._around(first, "Quotation", inside)

    def _item(self, first: int, stop: int, indent: int, width: int, depth: int) -> int:
        """An item of a list, the mark of which is `width` wide."""
        if self._lines[first][indent + width :]:
            end = max(first + 1, self._indented(first + 1, stop, indent, width))
        else:
            end = max(first + 1, self._indented(first + 1, stop, indent))

        def inside() -> int:
            if self._lines[first][indent + width :]:
                self._body(first, end, indent + width, depth + 1)
            else:
                self._protect(first, end, "item")
            return end

        return self._around(first, "Item", inside)

    def _bullets(self, first: int, stop: int, indent: int, depth: int) -> int:
        mark = self._lines[first][indent]

        def inside() -> int:
            number = end = first
            while (match := syntax.BULLET.match(self._line(number, stop, indent))) and match[1] == mark:
                end = self._item(number, stop, indent, match.end(), depth)
                number = self._next(end, stop)
            return end

        return self._around(first, f"List {mark}", inside, lists=True)

    def _is_item(self, enumerator: Enumerator, number: int, stop: int, indent: int) -> bool:
        """Whether a line that begins with a number is an item of a list: by what follows, as docutils has it."""
        following = self._line(number + 1, stop, indent)
        return not following[:1].strip() or following.startswith(enumerator.following)

    def _enumerated(self, mark: Enumerator, first: int, stop: int, indent: int, depth: int) -> int:
        def inside() -> int:
            number = end = first
            auto, expected = False, mark.ordinal
            while True:
                found = enumerator_of(self._line(number, stop, indent))
                if (
                    found is None
                    or found.form != mark.form
                    or not found.is_plain
                    or (not found.auto and (auto or found.ordinal != expected))
                    or not self._is_item(found, number, stop, indent)
                ):
                    return end
                auto |= found.auto
                expected = found.ordinal + 1
                end = self._item(number, stop, indent, found.width, depth)
                number = self._next(end, stop)

        return self._around(first, f"List {mark.form} {mark.ordinal} {mark.auto}", inside, lists=True)

    def _may_be_lettered(self, number: int, stop: int, indent: int, *, plain: bool = False) -> bool:
        """Whether a line may be an item of a list with letters or Roman numbers, or with `plain` of any."""
        found = enumerator_of(self._line(number, stop, indent))
        is_title = syntax.RULE.match(self._line(number + 1, stop, indent))
        return found is not None and (plain or not found.is_plain) and not is_title

    def _lettered(self, first: int, stop: int, indent: int) -> int:
        """Protect what may be a list with letters or Roman numbers, and the lists that might go on with it."""
        number = first
        while self._may_be_lettered(number, stop, indent, plain=True):
            end = max(number + 1, self._indented(self._until_blank(number, stop), stop, indent))
            number = self._next(end, stop)
        return self._opaque(first, stop, indent, "letters", past=end)

    def _fields(self) -> str:
        """What a list of fields is: at the top of the document it says something about that."""
        while self._titles_above < 3 and self._looked_at < len(self.leaves):
            leaf = self.leaves[self._looked_at]
            self._looked_at += 1
            if leaf.kind == Kind.HEADLINE:
                self._titles_above += 1
            elif leaf.kind != Kind.PROTECTED or leaf.role != Role.NONE:
                self._titles_above = 3
        return f"fields {self._titles_above}"

    def _marked(self, first: int, stop: int, indent: int, match: Callable[[str], object], what: str) -> int:
        number = first
        while match(self._line(number, stop, indent)):
            end = max(number + 1, self._indented(number + 1, stop, indent))
            number = self._next(end, stop)
        self._protect(first, end, what)
        return end

    def _simple_table(self, first: int, stop: int, indent: int) -> int:
        """A table may hold blank lines: it ends with its second border, or one before a blank line."""
        width = len(self._lines[first][indent:])
        borders, end = 0, stop
        for number in range(first + 1, stop):
            line = self._lines[number][indent:]
            if not syntax.TABLE_BORDER.match(line):
                continue
            borders += 1
            end = number + 1
            if len(line) != width or borders == 2 or not self._line(end, stop, indent):
                break
        else:
            end = stop
        while not self._lines[end - 1]:
            end -= 1
        return self._opaque(first, stop, indent, "table", Role.SHOWN, past=end)

    def _explicit(self, first: int, stop: int, indent: int, depth: int) -> int:
        line = self._lines[first][indent:]
        end = max(first + 1, self._indented(first + 1, stop, indent))
        if match := syntax.NOTE.match(line):
            self._protect(first, end, "note").footnote = match[1]
        elif syntax.TARGET.match(line):
            return self._target(first, stop, indent)
        elif match := syntax.SUBSTITUTION.match(line):
            self._protect(first, end, "substitution").address = f"|{match['name']}|"
        elif match := syntax.DIRECTIVE.match(line):
            self._directive(match["name"].lower(), match.end(), first, end, indent, depth)
        elif line == ".." and not self._line(first + 1, stop, indent):
            # An empty comment does not take in what is indented after it.
            self._protect(first, first + 1, "comment")
            return first + 1
        else:
            self._protect(first, end, "comment")
        return end

    def _target(self, first: int, stop: int, indent: int) -> int:
        end = self._adjacent(first, stop, indent)
        said = " ".join(self._lines[number][indent:].strip() for number in range(first, end))
        match = syntax.WHOLE_TARGET.match(said)
        if not match:
            return self._opaque(first, stop, indent, "target")
        leaf = self._protect(first, end, "target")
        leaf.address = match["name"] or "_"
        leaf.about_next = not said[match.end() :]
        return end

    def _directive(self, name: str, width: int, first: int, end: int, indent: int, depth: int) -> None:
        if name in _NOTES and self._note(name, width, first, end, indent, depth):
            return
        role = Role.NONE if name in _ASIDE else Role.WRAPPER if name in _AROUND else Role.SHOWN
        leaf = self._protect(first, end, f"directive {name}", role)
        leaf.about_next |= name in syntax.ABOUT_NEXT_NAMES

    def _note(self, name: str, width: int, first: int, end: int, indent: int, depth: int) -> bool:
        """An admonition: one block where it holds one paragraph, else what it holds; False where it is not plain."""
        begun = self._lines[first][indent + width :]
        below = self._next(first + 1, end)
        margin = indent + (self._margin(below, end, indent) if below < end else 0)
        if begun and name != "admonition":
            return self._short_note(name, width, first, end, indent, margin)
        head = self._until_blank(first + 1, end) if begun else first + 1
        if not begun:
            while syntax.FIELD.match(self._line(head, end, margin)):
                head += 1
        content = self._next(head, end)
        told = [self._lines[number][margin:] for number in range(first + 1, head)]
        if (
            content == end
            or (bool(begun) != (name == "admonition"))
            or (head > first + 1 and content == head)
            or any(line.startswith(":name:") for line in told)
            or (
                content > head == first + 1
                and syntax.FIELD.match(self._lines[content][margin:])
                and not begun
            )
        ):
            return False

        def inside() -> int:
            at = len(self.leaves)
            header = Leaf(first, head - 1, Kind.PROTECTED, group=self._group, role=Role.WRAPPER)
            self.leaves.append(header)
            self._body(content, end, margin, depth + 1)
            header.holds = self.leaves[at + 1 :]
            if len(self.leaves) == at + 2 and self.leaves[-1].plain:
                only = self.leaves.pop()
                only.told = " ".join([name, begun, *told])
                only.first, only.plain = first, False
                self.leaves[at] = only
            return end

        self._around(first, f"Directive {name}", inside)
        return True

    def _short_note(self, name: str, width: int, first: int, end: int, indent: int, margin: int) -> bool:
        """An admonition whose text begins on its first line, where that is all it holds."""
        columns = [indent + width, *(margin for _ in range(first + 1, end))]
        lines = [self._lines[first + n][column:] for n, column in enumerate(columns)]
        if any(syntax.FIELD.match(line) for line in lines):
            return False
        inner = Scanner(lines)
        inner.scan()
        if len(inner.leaves) != 1 or not inner.leaves[0].plain:
            return False
        leaf = self._paragraph(first, end, indent)
        leaf.text = [(first + n, column) for n, column in enumerate(columns)]
        leaf.plain, leaf.told = False, name
        return True

    def _rule(self, first: int, stop: int, indent: int, depth: int) -> int:
        """A transition or a title with an overline; 0 where the line is text."""
        rule = self._lines[first][indent:]
        title, under = self._line(first + 1, stop, indent), self._line(first + 2, stop, indent)
        if depth:
            return 0 if len(rule) < 4 else self._opaque(first, stop, indent, "rule")
        if title and not syntax.RULE.match(title) and under == rule:
            if width_of(title) <= len(rule) or len(rule) >= 4:
                return self._title(first, first + 3, first + 1, rule[0] * 2)
            return 0
        if title and (len(rule) >= 4 or syntax.RULE.match(title)):
            return self._opaque(first, stop, indent, "rule")
        if len(rule) < 4:
            return 0
        self._protect(first, first + 1, "transition").rule = True
        return first + 1

    def _title(self, first: int, end: int, at: int, style: str) -> int:
        level = (self._styles.index(style) if style in self._styles else len(self._styles)) + 1
        if level > self._level + 1 or not self._levels_known:
            self._protect(first, end, "title").rule = True
            return end
        if level > len(self._styles):
            self._styles.append(style)
        self._level = level
        leaf = Leaf(first, end - 1, Kind.HEADLINE, min(level, 6), text=[(at, 0)])
        self.leaves.append(leaf)
        self._event({"Heading": level}, first, end)
        return end

    def _text(self, first: int, stop: int, indent: int, depth: int) -> int:
        line, following = self._lines[first][indent:], self._line(first + 1, stop, indent)
        if following[:1] == " ":
            return self._definitions(first, stop, indent, depth)
        if syntax.RULE.match(following) and (width_of(line) <= len(following) or len(following) >= 4):
            if depth:
                return self._opaque(first, stop, indent, "title")
            return self._title(first, first + 2, first, following[0])
        end = self._until_blank(first, stop)
        lines = [self._lines[number][indent:] for number in range(first, end)]
        if any(line[0] == " " for line in lines):
            return self._opaque(first, stop, indent, "text")
        if lines == ["::"]:
            return self._literal(first, end, stop, indent)
        leaf = self._paragraph(first, end, indent)
        if not syntax.LITERAL_NEXT.search(lines[-1]):
            return end
        leaf.plain = False
        below = self._next(end, stop)
        if below < stop and self._begins_literal(below, indent):
            return self._literal(below, below, stop, indent)
        leaf.kind = Kind.PROTECTED
        self._event({"Protected": "no literal"}, first, end)
        return end

    def _begins_literal(self, number: int, indent: int) -> bool:
        mark = self._lines[number][indent]
        return mark == " " or syntax.RULE.match(mark) is not None

    def _literal(self, first: int, number: int, stop: int, indent: int) -> int:
        """A literal block that begins after `number`, with the `::` that is all there may be before it."""
        number = self._next(number, stop)
        end = self._indented(number, stop, indent)
        if end == number < stop and self._begins_literal(number, indent):
            end = self._until_blank(number, stop)
            mark = self._lines[number][indent]
            end = next((n for n in range(number, end) if self._lines[n][indent] != mark), end)
        if end == number:  # there is none
            end, what = first + 1, "mark"
        else:
            what = "literal with mark" if first < number else "literal"
        self._protect(first, end, what, Role.SHOWN)
        return end

    def _definitions(self, first: int, stop: int, indent: int, depth: int) -> int:
        def inside() -> int:
            number = end = first
            while self._line(number + 1, stop, indent)[:1] == " " and (
                number == first or syntax.is_text(self._line(number, stop, indent))
            ):
                end = self._definition(number, stop, indent, depth)
                number = self._next(end, stop)
            return end

        return self._around(first, "Definitions", inside, lists=True)

    def _definition(self, number: int, stop: int, indent: int, depth: int) -> int:
        """A term, as one block with the paragraph under it."""
        end = self._indented(number + 1, stop, indent)
        if self._lines[number].endswith("::"):
            self._protect(number, end, "term")
            return end

        def inside() -> int:
            at = len(self.leaves)
            term = Leaf(number, number, Kind.LIST_ITEM, group=self._group, text=[(number, indent)])
            self.leaves.append(term)
            self._body(number + 1, end, indent + self._margin(number + 1, end, indent), depth + 1)
            if self.leaves[at + 1].plain:
                under = self.leaves.pop(at + 1)
                term.last, term.text = under.last, [*term.text, *under.text]
            return end

        return self._around(number, "Item", inside)
