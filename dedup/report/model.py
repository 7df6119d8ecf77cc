"""The report: what was found, where, why, and what is needed to undo it.

These dataclasses are `dedup-report/1`; `docs/report.schema.json` describes their JSON form.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dedup.decisions import Decisions

SCHEMA = "dedup-report/1"
EMPTY = "empty"
"""The guard that keeps a document or row of which nothing would be left, where that is wanted."""
MALFORMED, UNUSED = "malformed", "unused"
"""What is wrong with a comment that leaves blocks out."""
RULES = ("verbatim", "exact", "near", "headline")


@dataclass(frozen=True, slots=True)
class Place:
    """A byte range of a document: `start` and `end` are byte offsets in the source, `line` counts from 1.

    `id` is the document's where it has one. Of a place that an index remembers, `text` is what is shown of it, and
    `batch` the name of the batch that it came with, if that has one.
    """

    document: str
    start: int
    end: int
    line: int
    id: str | None = None
    batch: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """A block that was taken out, and the kept block that it repeats.

    The range `start`..`end` holds the block and the blank lines that went with it; `line`..`end_line` are
    the lines of the block itself. `run` is the same number for consecutive removals that repeat consecutive
    blocks of one document. `raw` is what stood in the range, byte for byte, and `text` the same as text. `id` is
    the name of the row that it stood in, where the table gives one. `pair` names the block and its twin by their words,
    for decisions; where one took the block out though it would be flagged, `decision` is `accept`, and `guard` what
    would have kept it in.
    """

    document: str
    start: int
    end: int
    line: int
    end_line: int
    kind: str
    rule: str
    similarity: float
    run: int
    kept: Place
    text: str
    raw: bytes
    id: str | None = None
    pair: str | None = None
    guard: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A block that was reported and left in; `guard` names what kept it (None where only the setting did).

    `pair` names the block and its twin by their words, for decisions.
    """

    document: str
    start: int
    end: int
    line: int
    end_line: int
    kind: str
    rule: str
    similarity: float
    run: int
    kept: Place
    text: str
    guard: str | None
    id: str | None = None
    pair: str | None = None


Finding = Removal | Flag


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a paragraph of which there are others, with all the places where it stands, in order.

    `text` is what a reader sees of it. `similarity` and `guard` (what in the difference is a fact) compare it with the
    first of its group. `commonest` says that it stands in more places than any other, `newest` that it was
    written later, as far as git knows; `written` is the day of that commit, None where there is none.
    """

    text: str
    similarity: float
    guard: str | None
    places: tuple[Place, ...]
    commonest: bool = False
    newest: bool = False
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """A drifted copy: one paragraph in several places, its wordings no longer the same, the commonest first."""

    wordings: tuple[Wording, ...]

    @property
    def places(self) -> list[Place]:
        """All the places, wording by wording."""
        return [place for wording in self.wordings for place in wording.places]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A document that repeats others, this one most: the share of its words (0 to 1) that stand there too.

    Counted are the words of blocks that were removed or flagged as repeats of other documents.

    `whole` says that nothing but protected blocks is left.
    """

    document: str
    share: float
    whole: bool


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document that was read: its path as seen from where the command ran, and its hashes.

    `output` is where the cleaned form was written (None: in place, to stdout, or nowhere), `dropped` that it
    was left out of the output because nothing of it remained. `inside` is the path below the output folder,
    or else below the directory that was named: `restore --root` finds a tree by it that has moved. `rest` is
    what a dropped document still held, white space that is in no removal and that its original needs.
    """

    path: str
    sha256_before: str
    sha256_after: str
    output: str | None = None
    dropped: bool = False
    repeats: Repeat | None = None
    inside: str | None = None
    rest: bytes = b""


@dataclass(frozen=True, slots=True)
class DirectiveEntry:
    """A comment in a document (`dedup: ignore`) that says nothing.

    `problem` is `malformed`, or `unused` where nothing repeats what it leaves out; `text` says it in a clause.
    `of_row`, which is not saved, tells that the document is the row of a table.
    """

    document: str
    line: int
    problem: str
    text: str
    of_row: bool = False


@dataclass(slots=True)
class Counts:
    """Numbers of one rule, or of all."""

    documents: int = 0
    blocks: int = 0
    removed: int = 0
    flagged: int = 0
    bytes_in: int = 0
    bytes_out: int = 0


@dataclass(slots=True)
class Summary(Counts):
    """The numbers of a run.

    `by_rule` counts the documents and blocks with findings of a rule, and the bytes of those blocks before
    and after. `variants` are pairs that differ only in their documents' own subjects, `natural` short blocks
    and list items that repeat outside a run; both are counted and left alone. `decided` blocks stay because a person
    decided so, `retained` ones though one accepted that they go. `passed_over` counts files that
    are not text (`binary`), by git's attributes `generated` or `vendored`, or not of a kind that is read (`other`),
    `skipped` rows of tables that could not be read and were left out, `dropped` rows that went as a whole. `ignored`
    blocks were left out of the comparison by comments in the text, `allowed` by the setting `allow`. `known` counts
    findings that a baseline knows, `unchanged` those on lines that were not changed since a commit; these are neither
    listed nor counted elsewhere. `affected`, which is not saved, counts the documents with removals.
    """

    variants: int = 0
    natural: int = 0
    skipped: int = 0
    dropped: int = 0
    ignored: int = 0
    allowed: int = 0
    decided: int = 0
    retained: int = 0
    known: int = 0
    unchanged: int = 0
    passed_over: dict[str, int] = field(default_factory=dict)
    by_rule: dict[str, Counts] = field(default_factory=dict)
    affected: int = 0

    @property
    def share_removed(self) -> float:
        """The share of the bytes read that was removed, 0 to 1."""
        return 1 - self.bytes_out / self.bytes_in if self.bytes_in else 0.0


@dataclass(slots=True)
class Report:
    """Everything about one run, in the order in which documents were read and blocks stand in them.

    `drift` lists copies that drifted apart, where they were asked for; their findings are among the others.
    `read_back`, which is not saved, tells that it comes from a file, and so perhaps from a stranger; `decisions`, not
    saved either, are those that the run obeyed.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    tool: dict[str, str] = field(default_factory=dict)
    summary: Summary = field(default_factory=Summary)
    documents: list[DocumentEntry] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    directives: list[DirectiveEntry] = field(default_factory=list)
    drift: list[Drift] = field(default_factory=list)
    read_back: bool = field(default=False, compare=False)
    decisions: Decisions | None = field(default=None, compare=False)

    def __bool__(self) -> bool:
        """True where there is something to remove."""
        return bool(self.removals or self.summary.removed)

    def add(self, entry: DocumentEntry, removals: Iterable[Removal], flags: Iterable[Flag]) -> None:
        """Lists a document and its findings."""
        self.documents.append(entry)
        self.removals += removals
        self.flags += flags

    @property
    def findings(self) -> list[Finding]:
        """The removals, then the flags."""
        return [*self.removals, *self.flags]

    def of_document(self, path: str) -> list[Removal]:
        """The removals of one document, in order."""
        return [removal for removal in self.removals if removal.document == path]

    def runs(self) -> Iterable[list[Removal]]:
        """The removals grouped by run, in order."""
        group: list[Removal] = []
        for removal in self.removals:
            if group and (group[-1].run, group[-1].document) != (removal.run, removal.document):
                yield group
                group = []
            group.append(removal)
        if group:
            yield group


def raw_of(row: dict[str, Any]) -> bytes:
    """The removed bytes of a saved row: `bytes` (base64) where there is such a field, else `text`."""
    if row.get("bytes") is not None:
        return b64decode(row["bytes"], validate=True)
    return str(row["text"]).encode("utf-8")


def bytes_field(text: str, raw: bytes) -> str | None:
    """What a saved row's `bytes` holds: base64 of `raw` where `text` as UTF-8 is not the same, else None."""
    try:
        same = text.encode("utf-8") == raw
    except UnicodeEncodeError:
        same = False
    return None if same else b64encode(raw).decode("ascii")
