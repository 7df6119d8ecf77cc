"""The baseline: a file of the findings that were there before, which fail no check."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dedup.atomic import replacing
from dedup.gate.known import End, Ends, known
from dedup.gate.places import Names, twin_words, words_of
from dedup.gate.standing import Standing
from dedup.problems import DedupError, reason_of
from dedup.report.as_json import decoded, encoded
from dedup.report.model import Finding
from dedup.report.shown import first_words
from dedup.sources.forms import Form

SCHEMA = "dedup-baseline/1"

_CONFLICT = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: a finding of `words` in `document`, which `twin`, the words in `kept`, had before.

    Words are fingerprints; `twin` is None where it could not be read. `nth` counts the findings of the same words in
    the document, so that no two findings have the same line. `rule` and `text` are for people.
    """

    words: str
    document: str
    twin: str | None
    kept: str
    rule: str
    text: str
    nth: int = 1

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells the finding from others."""
        return self.words, self.document, self.nth

    def encoded(self) -> bytes:
        """The line as it is written."""
        row: dict[str, Any] = {"words": self.words, "document": self.document}
        if self.nth > 1:
            row["nth"] = self.nth
        row |= {"twin": self.twin, "kept": self.kept, "rule": self.rule, "text": self.text}
        return encoded(row) + b"\n"


class Baseline:
    """The findings that a file holds; a finding may have several lines, where branches named different twins."""

    def __init__(self, path: Path, lines: Iterable[Line] = ()) -> None:
        self.path = path
        self.names = Names(path.parent)
        self._standing = Standing(path.parent)
        self._texts: dict[str, str] = {}
        self._matched: list[int | None] = []
        self._judged: list[bool] = []
        entries: defaultdict[tuple[str, str, int], list[Line]] = defaultdict(list)
        for line in lines:
            entries[line.key].append(line)
        self._entries = list(entries.values())

    @classmethod
    def read(cls, path: Path, *, may_be_absent: bool = False) -> Baseline:
        """The baseline that a file holds; where it may be absent, an empty one for it.

        Raises DedupError with the file, the line and the reason where it cannot be read.
        """
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            if may_be_absent and path.parent.is_dir():
                return cls(path)
            hint = "no such folder" if may_be_absent else "no such baseline; add --update-baseline to make it"
            raise DedupError(f"{path}: {hint}") from None
        except OSError as error:
            raise DedupError(f"{path}: {reason_of(error)}") from None
        return cls(path, _lines(data, path))

    def know(self, findings: Sequence[Finding], read: Collection[str]) -> list[bool]:
        """Which findings, given in reading order, the baseline knows; for `follow` and `update` as well.

        `read` are the documents of which all findings are there, by their names; where it is empty, what is not found
        is not taken for gone.
        """
        ends = [self._end_of(finding) for finding in findings]
        self._texts = {words: finding.text for (words, _), finding in zip(ends, findings, strict=True)}
        self._judged = [bool(read) and self._is_judged(entry, read) for entry in self._entries]
        self._matched = known(ends, [_ends(entry) for entry in self._entries], self._is_lost, self._judged)
        return [entry is not None for entry in self._matched]

    def follow(self, findings: Sequence[Finding], forms: Mapping[str, Form]) -> tuple[int, int]:
        """Takes out of the file what is no more, names what was moved by its new place, and tells how many these were.

        The findings are those that `know` was given. Raises OSError where the file cannot be written.
        """
        used = set(self._matched)
        gone = {each for each, judged in enumerate(self._judged) if judged and each not in used}
        moved = {
            number: finding
            for finding, number in zip(findings, self._matched, strict=True)
            if number is not None and self._judged[number] and self._was_moved(self._entries[number], finding)
        }
        if gone or moved:
            stays = [
                entry
                for number, entry in enumerate(self._entries)
                if number not in gone and number not in moved
            ]
            self._write_with(stays, moved.values(), forms)
        return len(gone), len(moved)

    def update(self, findings: Sequence[Finding], forms: Mapping[str, Form]) -> int:
        """Adds what is new to the file, writes anew what is of documents that were read, and tells how many it holds.

        The findings are those that `know` was given. Raises OSError where the file cannot be written.
        """
        # What is of others stays as it is, though a finding was known by it: they may need it.
        stays = {number: entry for number, entry in enumerate(self._entries) if not self._judged[number]}
        more = [each for each, number in zip(findings, self._matched, strict=True) if number not in stays]
        return self._write_with(stays.values(), more, forms)

    def _write_with(
        self, entries: Iterable[list[Line]], findings: Iterable[Finding], forms: Mapping[str, Form]
    ) -> int:
        """Writes the file of some entries, and of findings as new ones."""
        lines = {entry[0].key: entry for entry in entries}
        for finding in findings:
            words, document = self._end_of(finding)
            line = Line(
                words=words,
                document=document,
                twin=twin_words(finding, forms),
                kept=self.names.of(finding.kept.document),
                rule=finding.rule,
                text=first_words(finding.text),
            )
            while line.key in lines:
                line = replace(line, nth=line.nth + 1)
            lines[line.key] = [line]
        self._write(line for entry in lines.values() for line in entry)
        return len(lines)

    def _end_of(self, finding: Finding) -> End:
        return words_of(finding.text), self.names.of(finding.document)

    def _is_lost(self, end: End) -> bool:
        """Whether words stand no more in their document, as far as a finding has them too."""
        words, document = end
        if self.names.is_gone(document):
            return True
        return words in self._texts and not self._standing.has(document, self._texts[words])

    def _was_moved(self, entry: Sequence[Line], finding: Finding) -> bool:
        """Whether an entry that stands for a finding names a place where the words stand no more."""
        here = {self._end_of(finding)}
        if finding.similarity == 1:
            here.add((words_of(finding.text), self.names.of(finding.kept.document)))
        ends = _ends(entry)
        return any(end not in here and self._is_lost(end) for end in (ends.found, *ends.twins))

    def _is_judged(self, entry: Sequence[Line], read: Collection[str]) -> bool:
        """Whether a run that did not find an entry says that it is no more: its documents were read or are gone."""
        documents = {name for line in entry for name in (line.document, line.kept)}
        return all(name in read or self.names.is_gone(name) for name in documents)

    def _write(self, lines: Iterable[Line]) -> None:
        with replacing(self.path) as out:
            out.write(encoded({"schema": SCHEMA}) + b"\n")
            out.writelines(sorted(line.encoded() for line in lines))


def _ends(entry: Sequence[Line]) -> Ends:
    first = entry[0]
    return Ends((first.words, first.document), tuple((line.twin, line.kept) for line in entry if line.twin))


def _lines(data: bytes, path: Path) -> list[Line]:
    lines: dict[bytes, Line] = {}
    is_baseline = False
    for number, text in enumerate(data.split(b"\n"), 1):
        where = f"{path}: line {number}"
        if text.startswith(_CONFLICT):
            raise DedupError(f"{where}: a conflict of a merge; keep the lines of both sides")
        if not text.strip():
            continue
        row = decoded(text, where)
        if not isinstance(row, dict):
            raise DedupError(f"{where}: must be an object")
        if "schema" in row:  # twice, where two branches began it
            if row["schema"] != SCHEMA:
                raise DedupError(
                    f"{where}: names the schema {json.dumps(row['schema'])}; this dedup reads {SCHEMA}"
                )
            is_baseline = True
        else:
            lines[text.rstrip()] = _line(row, where)
    if not is_baseline:
        raise DedupError(f"{path}: not a baseline of dedup: it names no schema")
    return list(lines.values())


def _line(row: Mapping[str, Any], where: str) -> Line:
    for name in ("words", "document", "kept", "rule", "text"):
        if not isinstance(row.get(name), str):
            raise DedupError(f"{where}: {name!r} must be a string")
    twin, nth = row.get("twin"), row.get("nth", 1)
    if twin is not None and not isinstance(twin, str):
        raise DedupError(f"{where}: 'twin' must be a string or null")
    if type(nth) is not int or nth < 1:
        raise DedupError(f"{where}: 'nth' must be a whole number from 1 on")
    return Line(row["words"], row["document"], twin, row["kept"], row["rule"], row["text"], nth)
