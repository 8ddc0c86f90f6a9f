"""T: influences, which are hypotheses until their evidence is in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shinro.checks.facts import Facts, Need
from shinro.checks.rule import rule
from shinro.definitions.story import Influence
from shinro.problems import Problem, Severity

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.findings.evidence import Pair


@rule("T208", Severity.WARNING, Need.EVIDENCE)
def influences_are_hypotheses(facts: Facts) -> Iterator[Problem]:
    """What is written of an influence is no more than its evidence; evidence against it is said."""
    for influence in facts.project.influences:
        pair = (facts.evidence or {}).get((str(influence.from_), str(influence.to)))
        case = _case(influence, pair) if pair else None
        if pair and case:
            seen = pair.evidence
            args = {
                "case": case,
                "from": pair.driver,
                "to": pair.outcome,
                "lag": seen.lag,
                "expect": influence.expect or "",
                "q": _rounded(seen.q),
                "weeks": seen.weeks,
                "power": f"{round((seen.power or 0) * 100)}%",
            }
            yield Problem(influence.at("status") if case in ("early", "refuted") else influence.place, "T208", args)


def _case(influence: Influence, pair: Pair) -> str | None:
    """How what is written and what is seen part; None where they do not, or the project has given it up already."""
    verdict = pair.evidence.verdict.value
    if influence.status == "refuted":
        return "refuted" if verdict == "leads" and not pair.against else None
    if pair.against:
        return "follows" if verdict == "follows" else "sign"
    return "early" if influence.status == "supported" and verdict != "leads" else None


def _rounded(q: float | None) -> str:
    return "–" if q is None else f"{q:.3f}"


RULES = (influences_are_hypotheses,)
