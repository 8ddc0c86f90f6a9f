from __future__ import annotations

from dataclasses import replace

import pytest

from checking import facts_of, found
from measured import Value, judged, with_series
from shinro.checks import vanity
from shinro.checks.vanity import Sign, correlation, signs
from shinro.findings.evidence import Evidence, Pair, Role, Verdict

HEAD = """\
currency: JPY
sources: {crm: {type: files, path: data/*.csv}}
tables:
  members: {from: crm.members, key: member_id, time: joined_at}
  orders: {from: crm.orders, key: order_id, time: ordered_at}
metrics:
  members: {label: 会員登録数, count: members}
  so_far: {cumulative: members}
  buyers: {count_distinct: orders.member_id}
  orders: {count: orders}
  per_buyer: {ratio: orders / buyers}
  spend: {label: 広告費, sum: orders.ad_amount}
"""
STATIC = {Sign.NO_DENOMINATOR, Sign.NO_THRESHOLD, Sign.DECIDES_NOTHING, Sign.OUTSIDE_TREE}


def told(metric: str, rest: str = "", **values: tuple[Value, ...]) -> set[Sign]:
    return set(signs(with_series(HEAD + rest, values), metric))


def test_a_bare_count_shows_four_signs_and_a_running_total_five() -> None:
    assert told("members") == STATIC
    assert told("so_far") == STATIC | {Sign.RUNNING_SUM}
    assert told("nowhere") == set()


def test_each_sign_is_taken_away_by_what_answers_it() -> None:
    assert told("per_buyer") == {Sign.DECIDES_NOTHING}
    assert told("buyers") == {Sign.NO_DENOMINATOR, Sign.DECIDES_NOTHING}
    assert told("members", "kpis: {members: {owner: 田中, decides: 予算}}\n") == STATIC - {Sign.DECIDES_NOTHING}
    assert told("members", "kpis: {members: {owner: 田中}}\n") == STATIC
    assert told("members", "influences: [{from: members, to: orders}]\n") == STATIC - {Sign.OUTSIDE_TREE}
    assert told("orders", "tree: {orders: members + buyers}\n") == STATIC - {Sign.OUTSIDE_TREE}


@pytest.mark.parametrize(
    ("values", "rises"),
    [
        ((1, 2, 3, 4, 5, 6), True),
        ((1, 1, 3, 3, 5, None, 6), True),
        ((1, 2, 3, 4, 5), False),
        ((1, 2, 3, 2, 5, 6), False),
        ((5, 5, 5, 5, 5, 5), False),
    ],
)
def test_what_never_fell_in_six_months_only_rises(values: tuple[Value, ...], *, rises: bool) -> None:
    assert (Sign.ONLY_RISES in told("members", members=values)) is rises


STAR = "north_star: {metric: buyers}\n"
WAVES = (5, 9, 4, 8, 3, 9, 5, 7, 4, 9, 3, 8)
STEPS = (2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)


def test_what_moves_without_the_star_is_unrelated() -> None:
    slow = (1, 2, 3, 3, 3, 4, 5, 5, 5, 6, 7, 7)
    assert Sign.UNRELATED in told("members", STAR, members=slow, buyers=WAVES)
    assert Sign.UNRELATED not in told("members", STAR, members=tuple(2 * n for n in WAVES), buyers=WAVES)
    assert Sign.UNRELATED not in told("members", STAR, members=slow[:11], buyers=WAVES[:11])
    assert Sign.UNRELATED not in told("members", STAR, members=tuple(range(12)), buyers=WAVES)
    assert Sign.UNRELATED not in told("buyers", STAR, members=slow, buyers=WAVES)
    assert Sign.UNRELATED not in told("members", members=slow, buyers=WAVES)


def test_months_that_only_one_of_two_knows_are_left_out() -> None:
    holes = tuple(None if n == 5 else value for n, value in enumerate(WAVES))
    assert Sign.UNRELATED not in told("members", STAR, members=holes, buyers=(1, 2, 3, 3, 3, 4, 5, 5, 5, 6, 7, 7))


def test_what_rises_whenever_spend_rises_is_bought() -> None:
    spent = (1, 2, 2, 3, 3, 4, 4)
    assert Sign.BOUGHT in told("members", members=(1, 5, 4, 6, 6, 7, 1), spend=spent)
    assert Sign.BOUGHT not in told("members", members=(1, 5, 4, 6, 6, 5, 1), spend=spent)
    assert Sign.BOUGHT not in told("members", members=(1, 5, 4, 6, 6, 6), spend=(1, 2, 2, 3, 3, 3))
    assert Sign.BOUGHT not in told("spend", spend=spent)


def test_correlation_of_what_never_varies_is_unknown() -> None:
    assert correlation([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]) == pytest.approx(1)
    assert correlation([1.0, 2.0, 3.0], [3.0, 2.0, 1.0]) == pytest.approx(-1)
    assert correlation([1.0, 1.0], [2.0, 3.0]) is None
    assert correlation([1.0, 2.0], [3.0, 3.0]) is None


def test_vanity_is_looked_for_in_what_is_steered_by_and_shown_and_said_once() -> None:
    focus = "kpis: {members: {focus: true}, so_far: {owner: 田中}}\n"
    shown = "traction: [{audience: a, headline: so_far, supports: [buyers, members]}]\n"
    assert found(f"{HEAD}{focus}{shown}", "V001") == [(13, ""), (14, "")]
    assert found(f"{HEAD}north_star: {{metric: members}}\n", "V001") == [(13, "")]


def test_the_signs_travel_with_the_problem() -> None:
    (problem,) = judged(vanity.no_vanity, facts_of(HEAD + "north_star: {metric: members}\n"))
    assert problem.args["score"] == 4
    assert problem.args["signs"] == tuple(sign for sign in Sign if sign in STATIC)


@pytest.mark.parametrize(
    ("verdict", "power", "unrelated"),
    [("no sign", 0.87, True), ("no sign", 0.6, False), ("cannot tell", 0.3, False), ("leads", 0.87, False)],
)
def test_the_evidence_says_what_is_unrelated_where_it_is_sure(verdict: str, power: float, *, unrelated: bool) -> None:
    facts = facts_of(HEAD + STAR)
    seen = Evidence(Verdict(verdict), 104, power=power)
    pair = Pair("orders", "buyers", Role.KPI, seen)
    assert (Sign.UNRELATED in signs(replace(facts, evidence={("orders", "buyers"): pair}), "orders")) is unrelated
