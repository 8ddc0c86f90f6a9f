from __future__ import annotations

import time

import pytest

from checking import check_text, facts_of
from shinro.checks.catalog import RULES
from shinro.checks.rule import judge

TEXT = """\
sources: {crm: {type: files, path: data/*.csv}}
tables:
  contacts: {from: crm.contacts, key: contact_id, time: occurred_at}
metrics:
  calls: {label: コール数, count: contacts}
north_star: {metric: calls}
checks:
"""


def severities(setting: str) -> list[str]:
    found = check_text(f"{TEXT}  N110: {{severity: info, because: 決めかねている}}\n{setting}")
    return [problem.severity.value for problem in found if problem.code == "N102"]


def test_a_rule_is_silenced_or_made_milder_with_a_reason() -> None:
    assert severities("") == ["error"]
    assert severities("  N102: {severity: warning, because: 架電代行が事業}\n") == ["warning"]
    assert severities("  N102: {severity: off, because: 架電代行が事業}\n") == []


def test_the_worst_is_said_first() -> None:
    ranks = [
        problem.severity.rank for problem in judge(facts_of(TEXT + "  N110: {severity: info, because: a}\n"), RULES)
    ]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2}


@pytest.mark.parametrize("count", [60])
def test_sixty_metrics_are_judged_in_a_moment(count: int) -> None:
    names = [f"m{n}" for n in range(count)]
    metrics = "".join(f"  {name}: {{count: contacts, where: kind = '{name}'}}\n" for name in names)
    tree = "tree:\n" + "".join(f"  m{n}: m{2 * n + 1} + m{2 * n + 2}\n" for n in range(count // 2 - 1))
    kpis = "kpis:\n" + "".join(f"  {name}: {{owner: 田中, cadence: weekly}}\n" for name in names)
    facts = facts_of(f"{TEXT.partition('north_star')[0]}{metrics}north_star: {{metric: m0}}\n{tree}{kpis}")
    before = time.process_time()
    judge(facts, RULES)
    assert time.process_time() - before < 0.2
