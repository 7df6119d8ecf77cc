"""The report as JUnit XML: a test case a document, and one for each finding."""

from __future__ import annotations

from collections import defaultdict
from typing import BinaryIO
from xml.etree import ElementTree as xml

from dedup.report.model import Report
from dedup.report.results import Result, results
from dedup.report.shown import visible

_KINDS = {"error": "error", "warning": "failure", "note": "skipped"}


def write(report: Report, out: BinaryIO) -> None:
    """Writes one suite: a finding is a case that fails, or is skipped where it stays in the text.

    So is a comment for us that is unused; a malformed one is an error.
    """
    found: dict[str, list[Result]] = defaultdict(list)
    for result in results(report):
        found[result.document].append(result)
    names = list(dict.fromkeys([*(entry.path for entry in report.documents), *found]))
    suite = xml.Element("testsuite", name="dedup")
    for name in names:
        for result in found[name]:
            title = f"line {result.line}: {visible(result.rule)}"
            case = xml.SubElement(suite, "testcase", classname=visible(name), name=title)
            told = xml.SubElement(case, _KINDS[result.level], message=visible(result.says))
            if result.level != "note":
                told.set("type", visible(result.rule))
                told.text = f"{visible(name)}:{result.line}"
                if result.twin:
                    told.text += f" = {result.twin_place}"
        if not found[name]:
            xml.SubElement(suite, "testcase", classname=visible(name), name="no repeats")
    suite.set("tests", str(len(suite)))
    for total, kind in (("failures", "failure"), ("skipped", "skipped"), ("errors", "error")):
        suite.set(total, str(len(suite.findall(f"testcase/{kind}"))))
    tree = xml.ElementTree(xml.Element("testsuites"))
    root = tree.getroot()
    assert root is not None
    root.append(suite)
    xml.indent(tree)
    tree.write(out, encoding="utf-8", xml_declaration=True)
    out.write(b"\n")
