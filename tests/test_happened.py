"""Which rows' days happened, by the metrics that count on them."""

from __future__ import annotations

import pytest

from shinro.definitions.columns import plans
from shinro.definitions.project import read_project
from shinro.loads import Happened

STORY = """
sources: {{crm: {{type: files, path: data/*.csv}}}}
tables:
  deals:
    {{from: crm.deals, key: id, time: created_at, times: {{closed: closed_at, begun: created_at}}, entity: company,
     starts: created_at, ends: closed_at, joins: {{people: person}}}}
  people: {{from: crm.people, key: person, time: met_at, times: {{left: left_at}}, dimensions: [kind]}}
metrics:
  new: {{count: deals}}
{metrics}
"""
WON = "{count: deals, at: closed, where: stage = 'won'}"
CLOSED = "{count: deals, at: closed, where: \"amount > 0 and stage in ('won', 'lost')\"}"


@pytest.mark.parametrize(
    ("metrics", "told"),
    [
        ([], None),
        ([WON], {"stage": ("won",)}),
        ([WON, CLOSED, "{stock: deals}", "{ratio: m0 / m1}"], {"stage": ("lost", "won")}),
        ([WON, "{sum: deals.amount, at: closed, where: \"stage = 'won' and line = 'a'\"}"], {"stage": ("won",)}),
        (["{count: deals, at: closed, where: \"'won' = stage and line = 'a'\"}"], {"line": ("a",), "stage": ("won",)}),
        ([WON, "{count: deals, at: closed}"], None),  # any row counts
        ([WON, "{count: deals, at: closed, where: stage != 'open'}"], None),
        ([WON, "{count: deals, at: closed, where: \"stage not in ('open')\"}"], None),
        ([WON, "{count: deals, at: closed, where: stage = 'won' or amount = 1}"], None),
        (["{count: deals, at: closed, where: people.kind = 'x'}"], None),
        (["{count: deals, at: closed, where: amount = 1}"], None),
        ([WON, "{conversion: deals, to: {table: deals, at: closed}, within: 30 days}"], None),
        ([WON, "{conversion: deals, to: m0, within: 30 days}"], {"stage": ("won",)}),
        (["{count: deals, at: begun, where: stage = 'won'}"], None),  # the time itself is never a plan
        (["{count: people, at: left, where: kind = 'x'}"], None),  # of another table
    ],
)
def test_a_day_happened_in_the_rows_that_every_metric_by_it_asks_for(
    metrics: list[str], told: dict[str, tuple[str, ...]] | None
) -> None:
    text = STORY.format(metrics="\n".join(f"  m{n}: {metric}" for n, metric in enumerate(metrics)))
    project, problems = read_project(text, "shinro.yaml")
    assert not problems, problems
    found = plans(project, "/story", {})[0]["deals"].happened
    assert found == ((Happened("closed_at", tuple(told.items())),) if told else ())
