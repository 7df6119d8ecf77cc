"""The rules of comparison, each from outside: documents in, what was removed, flagged or left."""

from __future__ import annotations

from typing import Any

import pytest

from dedup import Cleaned, Cleaner, Settings, document

WALL = (
    "The town council voted on Monday to repair the old harbour wall before the winter storms arrive, and it set aside "
    "money for the work that engineers had called urgent since the spring tide opened a crack along the western end of "
    "the quay where small boats unload their catch every morning and where children like to fish in the evening light."
)
LIBRARY = (
    "A different matter is the library, whose reading room has been too small for the pupils who come after school, so "
    "that the board now looks for a larger house near the market square."
)
FERRY = (
    "The ferry to the outer islands runs every hour until the end of the season and then every second hour."
)


def run(*texts: str, names: tuple[str, ...] = (), syntax: str = "text", **options: Any) -> list[Cleaned]:
    cleaner = Cleaner(Settings.of(options))
    names = names or tuple(f"{chr(ord('a') + number)}.txt" for number in range(len(texts)))
    return [cleaner.clean(document(t, name, syntax)) for t, name in zip(texts, names, strict=True)]  # type: ignore[arg-type]


def found(cleaned: Cleaned) -> list[tuple[int, str, str | None]]:
    """Line, rule and guard of each finding; the guard of a removal is `gone`."""
    rows = [(r.line, r.rule, "gone") for r in cleaned.removals] + [
        (f.line, f.rule, f.guard) for f in cleaned.flags
    ]
    return sorted(rows, key=lambda row: row[0])


# ---------------------------------------------------------------- paragraphs


def test_the_first_is_kept_and_names_are_given() -> None:
    first, second = run(f"{WALL}\n\n{LIBRARY}\n", f"{LIBRARY}\n\n{FERRY}\n")
    assert not first.removals
    (removal,) = second.removals
    assert (removal.rule, removal.similarity, removal.kept.document, removal.kept.line) == (
        "verbatim",
        1.0,
        "a.txt",
        3,
    )
    assert second.content.decode() == f"{FERRY}\n"


def test_the_same_words_are_exact() -> None:
    other = WALL.upper().replace(",", " -")
    assert found(run(WALL, other)[1]) == [(1, "exact", "gone")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("engineers had called", "engineers were said to have called"),
        ("money for the work", "the money for the work"),
        ("like to fish", "love to fish"),
        ("small boats", "the small boats"),
    ],
)
def test_a_harmless_edit_goes(old: str, new: str) -> None:
    assert found(run(WALL, WALL.replace(old, new))[1]) == [(1, "near", "gone")]


@pytest.mark.parametrize(
    ("old", "new", "guard"),
    [
        ("every morning", "30 times every morning", "number"),
        ("a crack", "three cracks", "number"),
        ("on Monday", "on Friday", "date"),
        ("before the winter", "in May before the winter", "date"),
        ("voted on Monday", "never voted on Monday", "negation"),
        ("before the winter", "after the winter", "opposite"),
        ("like to fish", "do not like to fish", "negation"),
        ("the quay", "the Westhaven quay", "name"),
        ("the old harbour", "the `old_harbour` harbour", "identifier"),
    ],
)
def test_a_changed_fact_is_flagged(old: str, new: str, guard: str) -> None:
    assert found(run(WALL, WALL.replace(old, new))[1]) == [(1, "near", guard)]


def test_whether_or_not_is_no_negation() -> None:
    one = WALL.replace("the work that", "the work and asked whether").replace("had called", "call it")
    other = one.replace("asked whether engineers", "asked whether or not engineers")
    assert found(run(one, other)[1]) == [(1, "near", "gone")]


def test_a_changed_name_at_the_beginning_is_flagged() -> None:
    one, other = ("Kong should be meshed " + WALL[4:], "Gloo should be meshed " + WALL[4:])
    assert found(run(one, other)[1]) == [(1, "near", "name")]


@pytest.mark.parametrize(
    ("one", "other", "guard"),
    [
        (" at 1.5 crowns", " at 15 crowns", "currency"),
        (" for $5", " for €5", "currency"),
        (" at -5 degrees", " at 5 degrees", "number"),
        (" by +3 %", " by -3 %", "percent"),
    ],
)
def test_the_same_words_with_other_signs_are_flagged(one: str, other: str, guard: str) -> None:
    cleaned = run(WALL + one, WALL + other)[1]
    assert not cleaned.removals
    assert [flag.guard for flag in cleaned.flags] == [guard]


def test_another_link_target_is_flagged() -> None:
    one = WALL.replace("old harbour", "[old harbour](https://one.example/wall)")
    other = WALL.replace("old harbour", "[old harbour](https://other.example/wall)")
    assert found(run(one, other, syntax="markdown")[1]) == [(1, "exact", "link")]
    same = run(one, one, syntax="markdown")[1]
    assert found(same) == [(1, "verbatim", "gone")]


@pytest.mark.parametrize(
    ("near", "expected"),
    [
        ("auto", [(1, "near", "number")]),
        ("remove", [(1, "near", "gone")]),
        ("flag", [(1, "near", "number")]),
        ("off", []),
    ],
)
def test_near(near: str, expected: list[tuple[int, str, str | None]]) -> None:
    assert found(run(WALL, WALL.replace("a crack", "9 cracks"), near=near)[1]) == expected


def test_near_flag_flags_the_harmless_too() -> None:
    assert found(run(WALL, WALL.replace("like to", "love to"), near="flag")[1]) == [(1, "near", None)]


def test_no_chains() -> None:
    """A≈B and B≈C do not take C out where A and C are not alike."""
    words = [f"word{number}" for number in range(60)]
    a, b, c = list(words), list(words), list(words)
    b[10], b[40] = "changed", "altered"
    c[10], c[40], c[20], c[50] = "changed", "altered", "other", "edited"
    _, second, third = run(" ".join(a), " ".join(b), " ".join(c), near="remove")
    assert [r.kept.document for r in second.removals] == ["a.txt"]
    assert not third.removals


def test_threshold() -> None:
    other = (
        WALL.replace("a crack", "one wide crack")
        .replace("small boats", "old vessels")
        .replace("like", "love")
    )
    assert found(run(WALL, other, near="remove", threshold=0.95)[1]) == []
    assert found(run(WALL, other, near="remove", threshold=0.6)[1]) == [(1, "near", "gone")]


# ---------------------------------------------------------------- short blocks, lists


def test_a_short_block_alone_stays() -> None:
    (cleaned,) = run(f"Or, as YAML.\n\n{WALL}\n\nOr, as YAML.\n\n{LIBRARY}\n")
    assert not cleaned.removals


def test_a_short_block_goes_in_a_run() -> None:
    text = f"{WALL}\n\nso they said.\n\n{LIBRARY}\n\n"
    (cleaned,) = run(text + f"{FERRY}\n\n" + text)
    assert [r.line for r in cleaned.removals] == [9, 11, 13]
    assert len({r.run for r in cleaned.removals}) == 1


def test_a_list_goes_as_a_whole_or_not_at_all() -> None:
    block = f"{WALL}\n\n- red boats\n- blue boats\n\n"
    (cleaned,) = run(f"{block}{FERRY}\n\n{block}{LIBRARY}\n", syntax="markdown")
    assert [r.line for r in cleaned.removals] == [8, 10, 11]
    longer = block.replace("- blue boats\n", "- blue boats\n- green boats\n")
    (cleaned,) = run(f"{block}{FERRY}\n\n{longer}{LIBRARY}\n", syntax="markdown")
    assert [r.line for r in cleaned.removals] == [8]


def test_lists_off() -> None:
    block = f"{WALL}\n\n- red boats\n- blue boats\n\n"
    (cleaned,) = run(f"{block}{FERRY}\n\n{block}{LIBRARY}\n", syntax="markdown", lists="off")
    assert [r.line for r in cleaned.removals] == [8]


# ---------------------------------------------------------------- variants, scope, groups, presets


def test_a_deliberate_variant_is_counted_and_left() -> None:
    page = "# {}\n\n" + WALL.replace("the old harbour wall", "the {} wall") + "\n"
    names = ("docs/mssql.md", "docs/mysql.md")
    cleaner = Cleaner()
    both = [
        cleaner.clean(document(page.format(subject, subject), name, "markdown"))
        for subject, name in zip(("MSSQL", "MySQL"), names, strict=True)
    ]
    assert not both[1].removals
    assert not both[1].flags
    assert cleaner.report.summary.variants == 1


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("metrics-api", "graphite", ("metric", "graphite")),  # the singular
        ("pull-request", "clusters", ("pullRequest", "clusters")),  # a joined word
        ("tables-streams", "queues", ("tables and streams", "queues")),  # what joins two
    ],
)
def test_what_names_a_subject(one: str, other: str, words: tuple[str, str]) -> None:
    cleaner = Cleaner(Settings(near="flag", threshold=0.7))
    for name, said in zip((one, other), words, strict=True):
        cleaner.clean(document(WALL.replace("old harbour", said), f"docs/{name}.md", "markdown"))
    assert cleaner.report.summary.variants == 1


@pytest.mark.parametrize(
    "words", [("and", ""), ("tables", "streams"), ("pullover", "clusters"), ("request", "request clusters")]
)
def test_what_names_no_subject(words: tuple[str, str]) -> None:
    cleaner = Cleaner(Settings(near="flag", threshold=0.7))
    for name, said in zip(("pull-request-clusters", "clusters"), words, strict=True):
        cleaner.clean(document(WALL.replace("old harbour", said), f"docs/{name}.md", "markdown"))
    assert cleaner.report.summary.variants == 0
    assert cleaner.report.summary.flagged == 1


def test_scope() -> None:
    text = f"{WALL}\n\n{LIBRARY}\n\n{WALL}\n"
    assert [len(c.removals) for c in run(text, text, scope="within")] == [1, 1]
    assert [len(c.removals) for c in run(text, text, scope="across")] == [0, 3]
    assert [len(c.removals) for c in run(text, text, scope="both")] == [1, 3]


def test_group_by() -> None:
    names = ("docs/1.0/a.txt", "docs/1.1/a.txt", "docs/1.1/b.txt")
    removed = [len(c.removals) for c in run(WALL, WALL, WALL, names=names, group_by=r"docs/[\d.]+")]
    assert removed == [0, 0, 1]


def test_preset_docs_wants_longer_paragraphs() -> None:
    assert len(run(FERRY, FERRY)[1].removals) == 1
    short = "The ferry to the outer islands runs every hour in the summer."
    assert not run(short, short, preset="docs")[1].removals
    assert len(run(WALL, WALL, preset="docs")[1].removals) == 1


def test_preset_corpus_takes_every_near_duplicate() -> None:
    assert found(run(WALL, WALL.replace("a crack", "9 cracks"), preset="corpus")[1]) == [(1, "near", "gone")]


# ---------------------------------------------------------------- headlines

HEAD = "**Council Votes for a New Harbour Wall**"


def test_a_headline_given_twice_goes() -> None:
    (cleaned,) = run(f"{HEAD}\n\n{HEAD}\n{WALL}\n")
    assert found(cleaned) == [(3, "headline", "gone")]


def test_a_repeated_title_goes_anywhere_later() -> None:
    (cleaned,) = run(f"{HEAD}\n{WALL}\n\n{HEAD}\n{LIBRARY}\n")
    assert found(cleaned) == [(4, "headline", "gone")]


def test_a_headline_goes_with_its_section() -> None:
    one = f"# One page\n\n## The wall\n\n{WALL}\n\n{LIBRARY}\n"
    other = f"# Other page\n\n{FERRY}\n\n## The wall\n\n{WALL}\n"
    assert found(run(one, other, syntax="markdown")[1]) == [(5, "headline", "gone"), (7, "verbatim", "gone")]


def test_a_heading_that_pages_of_a_kind_share_is_no_finding() -> None:
    page = "---\ntitle: {0}\n---\n\n## Examples\n\n### Scaling a deployment by its queue\n\n{1}\n"
    pages = page.format("Kafka", WALL), page.format("Redis", LIBRARY)
    assert [found(cleaned) for cleaned in run(*pages, syntax="markdown")] == [[], []]
    # Under another heading it is a headline like any other.
    other = pages[1].replace("Examples", "What it costs")
    assert found(run(pages[0], other, syntax="markdown")[1]) == [(7, "headline", "section")]
    assert found(run(pages[0], pages[1].replace("## Examples\n\n", ""), syntax="markdown")[1]) == [
        (5, "headline", "section")
    ]


def test_a_heading_over_other_content_stays() -> None:
    one = f"# One page\n\n## How the wall is built\n\n{WALL}\n"
    other = f"# Other page\n\n## How the wall is built\n\n{LIBRARY}\n"
    assert found(run(one, other, syntax="markdown")[1]) == [(3, "headline", "section")]
    # The same heading twice in one section, however short, has two places for one link.
    (cleaned,) = run(f"## Example\n\n{WALL}\n\n## Example\n\n{LIBRARY}\n", syntax="markdown")
    assert found(cleaned) == [(5, "headline", "section")]
    both = f"# T\n\n## One\n\n### Example\n\n{WALL}\n\n## Two\n\n### Example\n\n{LIBRARY}\n"
    assert found(run(both, syntax="markdown")[0]) == []
    one, other = f"# One page\n\n## Example\n\n{WALL}\n", f"# Other page\n\n## Example\n\n{LIBRARY}\n"
    assert found(run(one, other, syntax="markdown")[1]) == []


@pytest.mark.parametrize(
    ("headlines", "expected"),
    [
        ("auto", [(3, "headline", "section")]),
        ("remove", [(3, "headline", "gone")]),
        ("flag", [(3, "headline", "section")]),
        ("off", []),
    ],
)
def test_headlines(headlines: str, expected: list[tuple[int, str, str | None]]) -> None:
    one = f"# One page\n\n## How the wall is built\n\n{WALL}\n"
    other = f"# Other page\n\n## How the wall is built\n\n{LIBRARY}\n"
    assert found(run(one, other, syntax="markdown", headlines=headlines)[1]) == expected


# ---------------------------------------------------------------- what a careful editor would put back


def test_a_lead_in_stays_with_what_it_introduces() -> None:
    intro = "These are the commands that you need in order to build the wall by yourself:"
    one = f"{intro}\n\n```\nmake wall\n```\n\n{WALL}\n"
    other = f"{FERRY}\n\n{intro}\n\n```\nmake other\n```\n"
    assert found(run(one, other, syntax="markdown")[1]) == [(3, "verbatim", "lead-in")]


def test_a_caption_stays_with_what_it_describes() -> None:
    note = "The namespace is the one of the wall, unless another one is given by hand."
    one = f"---\ntitle: One\n---\n\n{WALL}\n\n```\nmake wall\n```\n\n{note}\n"
    other = f"---\ntitle: Two\n---\n\n{FERRY}\n\n```\nmake other\n```\n\n{note}\n\n{LIBRARY}\n"
    assert found(run(one, other, syntax="markdown")[1]) == [(11, "verbatim", "caption")]


def test_a_repeat_below_code_goes_where_there_is_no_front_matter() -> None:
    text = f"{FERRY}\n\n```\nmake wall\n```\n\n{FERRY}\n"
    assert found(run(text, syntax="markdown")[0]) == [(7, "verbatim", "gone")]


def test_markup_is_not_left_empty() -> None:
    text = f"{WALL}\n\n<details>\n\n{WALL}\n\n</details>\n\n{LIBRARY}\n"
    assert found(run(text, syntax="markdown")[0]) == [(5, "verbatim", "structure")]


def test_lists_do_not_join() -> None:
    text = f"{WALL}\n\n- one\n- two\n\n{WALL}\n\n- three\n"
    assert found(run(text, syntax="markdown")[0]) == [(6, "verbatim", "structure")]


def test_parallel_pages_may_say_the_same() -> None:
    page = "# {}\n\n## Installation\n\n{}\n\n" + WALL + "\n\n## Parameters\n\n{}\n"
    one = page.format("Redis", "Take the package of your system for it.", LIBRARY)
    other = page.format("Kafka", "Unpack the archive in a folder of yours.", FERRY)
    assert found(run(one, other, syntax="markdown")[1]) == [(7, "verbatim", "parallel")]
    assert found(run(one, other, syntax="markdown", near="remove")[1]) == [(7, "verbatim", "gone")]


def test_pages_of_a_site_keep_their_openings_and_short_statements() -> None:
    short = FERRY.removesuffix(" and then every second hour.") + "."
    page = '---\ntitle: "{}"\n---\n\n{}\n\n## {}\n\n{}\n\n## {}\n\n{}\n'
    one = page.format("One", LIBRARY, "Walls", WALL, "Ferries", short)
    other = page.format(
        "Two",
        "Words of its own that no other page has, so that this one begins with them.",
        "Stones",
        f"{WALL}\n\nMore about stones that stands nowhere else.",
        "Boats",
        f"Something else that is said about boats before.\n\n{short}\n\nAnd something after.",
    )
    guards = {line: guard for line, _, guard in found(run(one, other, syntax="markdown")[1])}
    assert guards == {9: "opening", 17: "boilerplate"}


# ---------------------------------------------------------------- whole documents


def test_a_whole_document_is_one_finding() -> None:
    page = f"# The wall\n\n{WALL}\n\n```\nmake wall\n```\n\n- one\n- two\n\n{LIBRARY}\n"
    second = run(page, page, syntax="markdown")[1]
    repeats = second.entry.repeats
    assert repeats is not None
    assert (repeats.document, repeats.whole, repeats.share) == ("a.txt", True, 1.0)
    assert second.content.decode().strip() == "```\nmake wall\n```"


def test_a_document_repeated_for_the_most_part_says_its_share() -> None:
    second = run(f"{WALL}\n", f"{WALL}\n\n{FERRY}\n")[1]
    repeats = second.entry.repeats
    assert repeats is not None
    assert not repeats.whole
    assert 0.5 < repeats.share < 1


# ---------------------------------------------------------------- the preset of documentation

SENTENCE = "When the queue is empty the worker waits for as long as the server tells it and then looks again for new messages."


@pytest.mark.parametrize(("first", "second"), [(4, 12), (1, 18), (9, 10), (0, 19)])
def test_documentation_finds_two_words_that_differ_in_any_long_paragraph(first: int, second: int) -> None:
    words = SENTENCE.split()
    assert len(words) >= 20
    words[first], words[second] = "perhaps", "somewhere"
    pages = f"# Queues\n\n{SENTENCE}\n", f"# Workers\n\n{' '.join(words)}\n"
    assert [rule for _, rule, _ in found(run(*pages, syntax="markdown", preset="docs")[1])] == ["near"]


def page(name: str, text: str) -> str:
    return f"---\ntitle: {name}\n---\n\n{text}\n"


def test_phrases_that_name_the_subjects_of_two_pages_are_no_finding() -> None:
    text = "The worker needs the right to read the metrics of {0} and nothing else, so that a stolen key does little harm in the end."
    names = ("aws-cloudwatch.md", "aws-dynamodb.md")
    pages = page("CloudWatch", text.format("CloudWatch")), page("DynamoDB", text.format("DynamoDB tables"))
    (_, cleaned) = run(*pages, names=names, syntax="markdown", preset="docs")
    assert found(cleaned) == [] and len(cleaned.variants) == 1
    # A number among them says something else than the subject.
    pages = page("CloudWatch", text.format("CloudWatch")), page("DynamoDB", text.format("2 DynamoDB tables"))
    assert len(found(run(*pages, names=names, syntax="markdown", preset="docs")[1])) == 1


def test_parallel_paragraphs_of_one_page_are_no_finding_though_nearly_alike() -> None:
    text = "With this note the scaler stops to scale {0} by means of the policy for the way {1}, and {2} replicas stay as they are until it goes."
    both = f"{text.format('in', 'down', 'no')}\n\n## More\n\n{text.format('out', 'up', 'all')}"
    (cleaned,) = run(page("Pausing", both), syntax="markdown", preset="docs")
    assert found(cleaned) == [] and len(cleaned.variants) == 1
    one, other = (
        page("Pausing", text.format("in", "down", "no")),
        page("Stops", text.format("out", "up", "all")),
    )
    assert len(found(run(one, other, syntax="markdown", preset="docs")[1])) == 1
