"""What follows nobody, or leads nowhere, in the file's own words."""

from __future__ import annotations

import pytest

from checking import assert_said
from shinro.definitions.following import unfollowed
from shinro.definitions.project import read_project

STORY = """\
sources: {app: {type: files, path: data/*.csv}}
tables:
  events: {from: app.events, time: at, entity: user_id}
  orders: {from: app.orders, time: ordered_at, entity: user_id, times: {paid: paid_at}}
  terms: {from: app.terms, starts: starts_on, entity: user_id}
  users: {from: app.users, entity: user_id}
  visits: {from: app.visits, time: at}
  paid: {from: app.paid, entity: user_id, starts: starts_on, amount: amount}
  raised: {from: app.raised, entity: user_id, time: at, amount: amount}
metrics:
  paying: {count_distinct: orders.user_id, at: paid}
  per_user: {ratio: paying / paying}
  m: """
TWO = "steps: {a: kind = 'a', b: kind = 'b'}"


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("{active: events}", []),
        ("{active: terms}", ["13:15 time terms"]),  # a term has a start and no time
        ("{active: visits}", ["13:15 entity visits"]),
        ("{active: users}", ["13:15 time users"]),
        ("{active: nothing}", []),  # T201 says so
        ("{active: visits, count: visits}", []),  # S124 says so
        ("{recurring: paid}", []),
        ("{recurring: raised}", []),
        ("{recurring: terms}", ["13:18 amount terms"]),
        ("{recurring: visits}", ["13:18 entity visits", "13:18 amount visits"]),
        ("{recurring: users}", ["13:18 amount users", "13:18 term users"]),
        ("{recurring: nothing}", []),  # T201 says so
        ("{retention: terms, after: 1 week}", ["13:18 time terms"]),
        (f"{{funnel: visits, {TWO}}}", ["13:15 entity visits"]),
        (f"{{funnel: events, {TWO}}}", []),
        ("{funnel: events, steps: {a: kind = 'a'}}", ["13:30 steps"]),
        ("{funnel: events}", []),  # S112 says so
        ("{funnel: events, within: 0 days, " + TWO + "}", ["13:31 window 0 days"]),
        ("{funnel: events, steps: {a: kind = 'a', a_rate: kind = 'b'}}", []),  # the first step has no rate
        ("{funnel: events, steps: {a: kind = 'a', b: kind = 'b', b_days: kind = 'c'}}", ["13:61 step b_days b"]),
        ("{conversion: events, to: paying, within: 3 days}", []),
        ("{conversion: events, to: {table: orders, at: paid}, within: 3 days}", []),
        ("{conversion: events, to: {table: orders, at: nothing}, within: 3 days}", []),  # T201 says so
        ("{conversion: per_user, to: paying, within: 3 days}", ["13:19 counts per_user ratio"]),
        ("{conversion: events, to: per_user, within: 3 days}", ["13:31 counts per_user ratio"]),
        ("{conversion: events, to: m, within: 3 days}", []),  # T202 says so
        ("{conversion: events, to: visits, within: 3 days}", ["13:31 entity visits"]),
        ("{conversion: events, to: users, within: 3 days}", ["13:31 time users"]),
        ("{conversion: events, within: 3 days}", []),  # S112 says so
        ("{conversion: events, to: {}, within: 3 days}", ["13:31 to_none"]),
        ("{conversion: events, to: {metric: paying, table: orders}, within: 3 days}", ["13:31 to_both"]),
        ("{conversion: events, to: {metric: paying, at: paid}, within: 3 days}", ["13:52 to_at"]),
    ],
)
def test_who_is_followed_when_and_to_where(metric: str, said: list[str]) -> None:
    project, _ = read_project(f"{STORY}{metric}\n", "shinro.yaml")
    found = list(unfollowed(project))
    for problem in found:
        assert_said(problem)
    told = [(str(problem.place).partition(":")[2], dict(problem.args)) for problem in found]
    assert [" ".join([place, *map(str, args.values())]).replace(" m", "", 1) for place, args in told] == said
