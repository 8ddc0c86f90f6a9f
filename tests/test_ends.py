"""Where funnels and conversions begin and what they come to, without any data."""

from __future__ import annotations

from checking import assert_said, project_of
from shinro.definitions.ends import begins, comes_to, one_and_the_same

STORY = """\
sources: {app: {type: files, path: data/*.csv}}
tables:
  events: {from: app.events, time: at, entity: user_id, where: kind != 'test'}
  orders: {from: app.orders, time: ordered_at, entity: user_id, times: {paid: paid_at}}
metrics:
  paying: {count_distinct: orders.user_id, at: paid, where: amount > 0}
  gone: {count: nothing}
  all: {count: events}
  kept: {active: events}
  buys: {conversion: events, to: paying, within: 7 days}
  ordered: {conversion: all, to: {table: orders}, within: 7 days}
  nowhere: {conversion: gone, to: {table: orders, at: nothing}, within: 7 days}
  same: {conversion: all, to: events, within: 7 days}
  two: {funnel: events, steps: {a: kind = 'a', b: kind = 'b', c: kind = 'a'}}
"""


def test_a_metric_that_counts_rows_brings_its_time_and_its_filter() -> None:
    project = project_of(STORY)
    start, end = begins(project, "buys"), comes_to(project, "buys")
    assert start
    assert (start.name, start.moment, start.entity, len(start.wheres)) == ("events", "at", "user_id", 1)
    assert end
    assert (end.name, end.moment, end.entity, len(end.wheres)) == ("orders", "paid_at", "user_id", 1)


def test_a_table_brings_its_own_time() -> None:
    end = comes_to(project_of(STORY), "ordered")
    assert end
    assert (end.name, end.moment, end.wheres) == ("orders", "ordered_at", ())


def test_what_is_not_defined_begins_and_ends_nowhere() -> None:
    project = project_of(STORY)
    end = comes_to(project, "nowhere")
    assert [begins(project, name) for name in ("unknown", "nowhere")] == [None, None]
    assert [comes_to(project, name) for name in ("unknown", "kept")] == [None, None]
    assert end
    assert end.moment is None


def test_one_row_is_not_two_steps() -> None:
    found = list(one_and_the_same(project_of(STORY)))
    for problem in found:
        assert_said(problem)
    assert [(problem.code, problem.args["case"], problem.args["metric"]) for problem in found] == [
        ("Q157", "ends", "same"),
        ("Q157", "steps", "two"),
    ]
