from __future__ import annotations

from dataclasses import replace

import pytest

from checking import assert_said, facts_of
from shinro.checks.influences import influences_are_hypotheses
from shinro.findings.evidence import Because, Evidence, Pair, Role, Verdict

TEXT = """\
sources: {{crm: {{type: files, path: data/*.csv}}}}
tables: {{weeks: {{from: crm.weeks, key: week, time: week}}}}
metrics:
  calls: {{sum: weeks.calls}}
  deals: {{sum: weeks.deals}}
influences:
  - {{from: calls, to: deals{more}}}
"""
LEADS = Evidence(Verdict.LEADS, 104, 2, 1, 0.001, 0.002, 0.5, 0.2, 0.87)
FOLLOWS = replace(LEADS, verdict=Verdict.FOLLOWS)
SILENT = Evidence(Verdict.NO_SIGN, 104, p=0.3, q=0.4, power=0.87)
SHORT = Evidence(Verdict.CANNOT_TELL, 30, power=0.14, because=Because.SHORT)
HIGHER, LOWER = ", expect: higher", ", expect: lower"
SURE, GONE = ", status: supported", ", status: refuted"


@pytest.mark.parametrize(
    ("more", "seen", "case"),
    [
        ("", LEADS, None),
        ("", SILENT, None),
        ("", SHORT, None),
        ("", FOLLOWS, "follows"),
        (HIGHER, LEADS, None),
        (LOWER, LEADS, "sign"),
        (SURE, LEADS, None),
        (SURE, SILENT, "early"),
        (SURE, SHORT, "early"),
        (SURE, FOLLOWS, "follows"),
        (GONE, LEADS, "refuted"),
        (GONE + LOWER, LEADS, None),
        (GONE, FOLLOWS, None),
        (GONE, SHORT, None),
    ],
)
def test_what_is_written_is_no_more_than_its_evidence(more: str, seen: Evidence, case: str | None) -> None:
    facts = facts_of(TEXT.format(more=more))
    expect = 1 if HIGHER in more else -1 if LOWER in more else None
    pair = Pair("calls", "deals", Role.INFLUENCE, seen, expect)
    found = list(influences_are_hypotheses.problems(replace(facts, evidence={("calls", "deals"): pair})))
    assert [problem.args["case"] for problem in found] == ([case] if case else [])
    for problem in found:
        assert problem.place.line == 7
        assert_said(problem)


def test_without_evidence_nothing_is_said() -> None:
    facts = facts_of(TEXT.format(more=SURE))
    assert list(influences_are_hypotheses.problems(facts)) == []
    assert list(influences_are_hypotheses.problems(replace(facts, evidence={}))) == []
