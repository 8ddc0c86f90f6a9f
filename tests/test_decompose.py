"""Decompose: known splits, each with where its numbers come from."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest

from shinro.analysis.decompose import Reader, Tree, decompose, reader, tree_of
from shinro.definitions.expression import Binary, Name, Node, Text
from shinro.definitions.grammar import formula
from shinro.definitions.project import read_project
from shinro.findings.gaps import Decomposition, Kind, Off, Why

Numbers = Mapping[str, str | None]


def split(tree: dict[str, str], root: str, before: Numbers, after: Numbers, *, unroll: int = 0) -> Decomposition:
    """The change of the root, numbers as texts."""
    formulas = {name: formula(text) for name, text in tree.items()}
    return decompose(Tree(formulas), root, read(before), read(after), unroll=unroll)


def read(numbers: Numbers) -> Reader:
    """Numbers by name; a name with `@2` after it is read two periods back."""
    found = {name: Fraction(n) if n else None for name, n in numbers.items()}
    earlier = {(name.split("@")[0], int(name.split("@")[1])): n for name, n in found.items() if "@" in name}
    return reader(found, earlier)


def brought(found: Decomposition) -> dict[str, str]:
    """Contributions by leaf; an earlier value has `@` after its name."""
    return {leaf.name + "@" * (leaf.kind is Kind.PREVIOUS): str(leaf.contribution) for leaf in found.leaves}


def test_calls_replies_appointments() -> None:
    """Two drivers that offset one another and one that did not move: 100 -> 55."""
    found = split(
        {"meetings": "calls * reply_rate * appointment_rate"},
        "meetings",
        {"calls": "1000", "reply_rate": "1/5", "appointment_rate": "1/2"},
        {"calls": "1000", "reply_rate": "1/10", "appointment_rate": "11/20"},
    )
    assert brought(found) == {"calls": "0", "reply_rate": "-105/2", "appointment_rate": "15/2"}
    assert found.change == -45


def test_a_plan_that_does_not_add_up_is_a_line_of_its_own() -> None:
    """The plan says 35; what it says of the drivers gives 30."""
    found = split(
        {"meetings": "calls * reply_rate * appointment_rate"},
        "meetings",
        {"meetings": "35", "calls": "1000", "reply_rate": "1/10", "appointment_rate": "3/10"},
        {"calls": "900", "reply_rate": "1/10", "appointment_rate": "1/4"},
    )
    assert brought(found) == {"calls": "-11/4", "reply_rate": "0", "appointment_rate": "-19/4"}
    (line,) = found.off
    assert line == Off("meetings", stated=Fraction(35), computed=Fraction(30), contribution=Fraction(-5), after=False)
    assert found.change == Fraction("-12.5")


def test_a_missing_leaf_stops_at_its_nearest_known_ancestor() -> None:
    found = split(
        {"deals": "from_leads + from_partners", "from_leads": "leads * win_rate"},
        "deals",
        {"from_leads": "20", "leads": "100", "from_partners": "10"},
        {"leads": "120", "win_rate": "1/4", "from_partners": "12"},
    )
    assert brought(found) == {"from_leads": "10", "from_partners": "2"}
    assert [leaf.why for leaf in found.leaves] == [Why.BELOW, None]
    assert [(each.name, each.why, each.after, each.stopped_at) for each in found.missing] == [
        ("win_rate", Why.MISSING, False, "from_leads")
    ]
    below = {part.name: (part.contribution, part.why) for part in found.parts()}
    assert (below["leads"], below["win_rate"]) == ((None, Why.ABOVE), (None, Why.MISSING))


def test_a_stock_moves_by_its_flows() -> None:
    found = split(
        {"companies": "previous + new - churned"},
        "companies",
        {"companies": "12", "companies@1": "10", "new": "3", "churned": "1"},
        {"companies": "13", "companies@1": "12", "new": "2", "churned": "1"},
    )
    assert [(leaf.name, leaf.kind, str(leaf.contribution)) for leaf in found.leaves] == [
        ("companies", Kind.PREVIOUS, "2"),
        ("new", Kind.METRIC, "-1"),
        ("churned", Kind.METRIC, "0"),
    ]


PUBLISHED = {
    "earnings, example 2.1": (
        "earnings * earners",
        {"earnings": ("10930", "16591", "4369.913"), "earners": ("0.717892", "0.825974", "1487.262")},
        "0.0005",
    ),
    "birth rate, example 2.2": (
        "births * married * women",
        {
            "births": ("51.78746", "84.90502", "10.4340333"),
            "married": ("0.45919", "0.75756", "10.5608476"),
            "women": ("0.52638", "0.51065", "-0.6670084"),
        },
        "0.00000005",
    ),
    "births, example 2.3": (
        "births * pregnant * active * women",
        {
            "births": ("25.3", "32.7", "0.6889411"),
            "pregnant": ("0.214", "0.29", "0.8125381"),
            "active": ("0.279", "0.473", "1.3829055"),
            "women": ("0.949", "0.986", "0.1047547"),
        },
        "0.0000001",
    ),
    "natural increase, example 3.1": (
        "birth - death",
        {"birth": ("19.4", "23.7", "4.3"), "death": ("10.8", "9.5", "1.3")},
        "0",
    ),
}


@pytest.mark.parametrize("case", PUBLISHED.values(), ids=PUBLISHED)
def test_what_das_gupta_published(case: tuple[str, dict[str, tuple[str, str, str]], str]) -> None:
    """P. Das Gupta, Standardization and Decomposition of Rates, Current Population Reports P23-186, 1993."""
    text, drivers, tolerance = case
    before, after = ({name: numbers[n] for name, numbers in drivers.items()} for n in (0, 1))
    found = split({"rate": text}, "rate", before, after)
    for leaf in found.leaves:
        assert abs(leaf.contribution - Fraction(drivers[leaf.name][2])) <= Fraction(tolerance)
    assert found.change == sum(leaf.contribution for leaf in found.leaves)


def test_a_factor_that_starts_at_0() -> None:
    meetings = {"meetings": "calls * reply_rate * appointment_rate"}
    before = {"calls": "0", "reply_rate": "0.02", "appointment_rate": "0.5"}
    after = {"calls": "100", "reply_rate": "0.03", "appointment_rate": "0.5"}
    assert brought(split(meetings, "meetings", before, after)) == {
        "calls": "5/4",
        "reply_rate": "1/4",
        "appointment_rate": "0",
    }


def test_a_margin_that_changes_its_sign_and_reads_revenue_twice() -> None:
    margin = {"margin": "(revenue - cost) / revenue"}
    found = split(margin, "margin", {"revenue": "100", "cost": "120"}, {"revenue": "150", "cost": "120"})
    assert brought(found) == {"revenue": "2/5", "cost": "0"}
    assert [leaf.places for leaf in found.leaves] == [2, 1]


def test_a_share_whose_leaf_stands_above_and_below() -> None:
    found = split({"share": "a / (a + b)"}, "share", {"a": "30", "b": "70"}, {"a": "60", "b": "60"})
    assert brought(found) == {"a": "13/80", "b": "3/80"}


MRR = {"mrr": "opening + won + expansion - churned", "won": "leads * win_rate * arpa", "churned": "opening * churn"}


def test_drivers_that_cancel() -> None:
    """Nothing changed in the sum, and much beneath."""
    before = {"opening": "1000", "leads": "100", "win_rate": "0.2", "arpa": "5", "expansion": "40", "churn": "0.04"}
    after = {"opening": "1000", "leads": "80", "win_rate": "0.25", "arpa": "6", "expansion": "30", "churn": "0.05"}
    found = split(MRR, "mrr", before, after)
    assert found.change == 0
    assert brought(found) == {
        "opening": "0",
        "leads": "-149/6",
        "win_rate": "74/3",
        "arpa": "121/6",
        "expansion": "-10",
        "churn": "-10",
    }
    assert {part.name: str(part.contribution) for part in found.root.children} == {
        "opening": "0",
        "won": "20",
        "expansion": "-10",
        "churned": "-10",
    }


def test_bookings_by_their_number_and_value() -> None:
    """icanexplain's own example gives 45,000 and 7,500, and other numbers backwards."""
    sides = {"bookings": "1500", "value": "220"}, {"bookings": "1700", "value": "225"}
    assert brought(split({"x": "bookings * value"}, "x", *sides)) == {"bookings": "44500", "value": "8000"}
    assert brought(split({"x": "bookings * value"}, "x", *sides[::-1])) == {"bookings": "-44500", "value": "-8000"}


def test_a_reported_parent_that_its_parts_do_not_give() -> None:
    """It is off by 2 before and by 5 after: 3 of the change come from nowhere."""
    found = split({"x": "3 * y", "y": "a + b"}, "x", {"y": "12", "a": "4", "b": "6"}, {"y": "16", "a": "5", "b": "6"})
    assert brought(found) == {"a": "3", "b": "0"}
    assert found.off == (
        Off("y", Fraction(12), Fraction(10), Fraction(-6), after=False),
        Off("y", Fraction(16), Fraction(11), Fraction(15), after=True),
    )
    (y,) = found.root.children
    assert [y.contribution, y.off_before, y.off_after] == [12, -6, 15]


def test_a_root_that_is_not_known_has_no_split() -> None:
    found = split({"x": "a + b"}, "x", {"a": "1"}, {"a": "2", "b": "3"})
    assert (found.change, found.leaves, found.off) == (None, (), ())
    assert [(each.name, each.stopped_at) for each in found.missing] == [("b", None)]
    assert [part.why for part in found.parts()] == [Why.MISSING, Why.ABOVE, Why.MISSING]


def test_a_division_by_0_is_undefined_and_never_0() -> None:
    found = split({"x": "a / b"}, "x", {"a": "1", "b": "0"}, {"a": "2", "b": "3"})
    assert (found.root.before, found.change, found.root.why) == (None, None, Why.UNDEFINED)
    assert [(each.name, each.why) for each in found.missing] == [("x", Why.UNDEFINED)]
    constant = split({"x": "a / 0"}, "x", {"a": "1"}, {"a": "2"})
    assert (constant.root.before, constant.root.after) == (None, None)


def test_an_undefined_number_is_told_apart_from_a_missing_one() -> None:
    found = split({"x": "a * b + c"}, "x", {"x": "1", "a": "1", "b": None, "c": "1"}, {"x": "2", "a": "2", "c": "1"})
    assert [(each.name, each.why, each.after) for each in found.missing] == [
        ("b", Why.UNDEFINED, False),
        ("b", Why.MISSING, True),
    ]
    assert brought(found) == {"x": "1"}


def test_a_rate_without_a_base_is_held_where_the_product_is_0_anyway() -> None:
    meetings = {"meetings": "calls * reply_rate"}
    some, none = {"calls": "10", "reply_rate": "1/5"}, {"meetings": "0", "calls": "0", "reply_rate": None}
    there = split(meetings, "meetings", some, none)
    assert brought(there) == {"calls": "-2", "reply_rate": "0"}
    assert [leaf.why for leaf in there.leaves] == [None, Why.HELD]
    assert there.missing == ()
    assert brought(split(meetings, "meetings", none, none)) == {"calls": "0", "reply_rate": "0"}
    odd = split(meetings, "meetings", some, {"meetings": "0", "calls": "3", "reply_rate": None})
    assert brought(odd) == {"meetings": "-2"}  # there were calls, so nobody knows why there are no meetings
    unsaid = split(meetings, "meetings", some, {"calls": "0", "reply_rate": None})
    assert unsaid.change is None  # nobody said that there were none


def test_a_division_is_no_rate_that_could_be_held() -> None:
    before = {"meetings": "0", "calls": "0", "replies": "0", "asked": "0"}
    after = {"calls": "10", "replies": "1", "asked": "5"}
    assert brought(split({"meetings": "calls * (replies / asked)"}, "meetings", before, after)) == {"meetings": "2"}


def test_a_circle_ends_where_it_closes() -> None:
    found = split({"x": "y + a", "y": "x - b"}, "x", {"y": "1", "a": "2"}, {"y": "2", "a": "2"})
    assert brought(found) == {"y": "1", "a": "0"}
    assert found.leaves[0].why is Why.CIRCLE


def test_a_formula_of_numbers_alone_rests() -> None:
    assert brought(split({"x": "y + a", "y": "2 * 3"}, "x", {"a": "1"}, {"a": "4"})) == {"a": "3"}


CALLS: list[tuple[str, Numbers, Numbers, Numbers]] = [
    ("greatest(a, b)", {"a": "5", "b": "4"}, {"a": "3", "b": "7"}, {"a": "-1/2", "b": "5/2"}),
    ("least(a, 10)", {"a": "8"}, {"a": "14"}, {"a": "2"}),
    ("abs(a)", {"a": "-2"}, {"a": "5"}, {"a": "3"}),
    ("positive(a) * b", {"a": "2", "b": "1"}, {"a": "4", "b": "3"}, {"a": "4", "b": "6"}),
    ("coalesce(a, b)", {"a": None, "b": "1"}, {"a": None, "b": "4"}, {"b": "3"}),
    ("mean(a, 2)", {"a": "4", "a@1": "2"}, {"a": "8", "a@1": "4"}, {"a": "2", "a@": "1"}),
    ("previous(a, 3)", {"a@3": "4"}, {"a@3": "6"}, {"a@": "2"}),
    ("cmgr(a, 1)", {"a": "2", "a@1": "1"}, {"a": "6", "a@1": "2"}, {"a": "3", "a@": "-2"}),
    ("2 * -(a - b)", {"a": "1", "b": "1"}, {"a": "3", "b": "2"}, {"a": "-4", "b": "2"}),
    ("-(a * b)", {"a": "2", "b": "3"}, {"a": "3", "b": "3"}, {"a": "-3", "b": "0"}),
    ("a / (b / c)", {"a": "2", "b": "1", "c": "1"}, {"a": "2", "b": "2", "c": "1"}, {"a": "0", "b": "-1", "c": "0"}),
]


@pytest.mark.parametrize(("text", "before", "after", "expected"), CALLS, ids=[case[0] for case in CALLS])
def test_functions_are_opened(text: str, before: Numbers, after: Numbers, expected: Numbers) -> None:
    found = split({"x": text}, "x", before, after)
    assert brought(found) == expected
    assert found.change == sum(leaf.contribution for leaf in found.leaves)


@pytest.mark.parametrize(("text", "expected"), [("coalesce(a, b)", "2"), ("2 * greatest(a, b)", "4")])
def test_a_call_that_cannot_be_opened_is_one_leaf_by_its_text(text: str, expected: str) -> None:
    """b is read before, since a is undefined there, and a after."""
    (leaf,) = split({"x": text}, "x", {"a": None, "b": "1"}, {"a": "3", "b": "1"}).leaves
    assert (leaf.name, leaf.kind) == (text.removeprefix("2 * "), Kind.FORMULA)
    assert str(leaf.contribution) == expected


@pytest.mark.parametrize(
    ("text", "numbers", "why"),
    [
        ("greatest(a, b)", {"a": None, "b": None}, Why.UNDEFINED),
        ("least(a, b)", {"a": "1"}, Why.MISSING),
        ("positive(a)", {"a": "-1"}, Why.UNDEFINED),
        ("positive(a)", {"a": None}, Why.UNDEFINED),
        ("abs(a)", {}, Why.MISSING),
        ("coalesce(a, b)", {"a": None, "b": None}, Why.UNDEFINED),
        ("coalesce(a, b)", {"b": "1"}, Why.MISSING),
        ("cmgr(a, 1)", {"a": "1", "a@1": "-1"}, Why.UNDEFINED),
        ("a + b", {"a": None, "b": "1"}, Why.UNDEFINED),
    ],
)
def test_a_call_without_a_value_is_undefined_or_missing(text: str, numbers: Numbers, why: Why) -> None:
    found = split({"x": text}, "x", numbers, {"a": "1", "a@1": "1", "b": "2"})
    assert (found.root.before, found.root.why) == (None, why)


def test_an_argument_that_is_not_taken_is_not_missing() -> None:
    found = split({"x": "coalesce(a, b)"}, "x", {"a": "1"}, {"a": "3", "b": "1"})
    assert (brought(found), found.missing) == ({"a": "2"}, ())


def test_a_deep_tree_needs_no_stack() -> None:
    """3,000 levels."""
    levels = {f"d{n}": f"d{n + 1} + x{n}" for n in range(3000)}
    before = {f"x{n}": "1" for n in range(3000)} | {"d3000": "1"}
    found = split(levels, "d0", before, before | {"x2999": "3"})
    assert found.change == 2
    assert sum(1 for _ in found.parts()) == 6001


def test_a_deep_formula_needs_no_stack() -> None:
    node: Node = Name("a")
    for _ in range(5000):
        node = Binary("+", Binary("*", Name("b"), node), Name("c"))
    sides = (
        {"a": Fraction(1), "b": Fraction(1), "c": Fraction(1)},
        {"a": Fraction(2), "b": Fraction(1), "c": Fraction(1)},
    )
    found = decompose(Tree({"x": node}), "x", reader(sides[0]), reader(sides[1]))
    assert found.change == 1


def test_branches_without_end_are_folded_and_the_sums_are_whole() -> None:
    """Twice the same node, 40 levels: a million million places."""
    levels = {f"d{n}": f"d{n + 1} + d{n + 1}" for n in range(40)}
    found = split(levels, "d0", {"d40": "1"}, {"d40": "2"})
    assert found.change == 2**40
    (leaf,) = found.leaves
    assert (leaf.name, leaf.places) == ("d40", 2**40)
    assert leaf.contribution == 2**40
    assert Why.FOLDED in {part.why for part in found.parts()}


def test_what_is_no_arithmetic_is_refused() -> None:
    with pytest.raises(TypeError):
        decompose(Tree({"x": Text("a")}), "x", reader({}), reader({}))


def test_the_tree_of_a_project_opens_a_ratio_that_is_asked_for() -> None:
    text = "metrics: {a: {count: t}, b: {count: t}, r: {ratio: a / b}, m: {ratio: 2 * a / b}}\ntree: {a: b * r}\n"
    project, _ = read_project(text, "shinro.yaml")
    tree = tree_of(project, "r")
    assert (set(tree.formulas), tree.rates) == ({"a", "r", "m"}, {"r": ("a", "b")})
    assert set(tree_of(project, "nowhere").formulas) == {"a", "m"}


def test_parts_and_leaves_say_how_far_they_moved() -> None:
    found = split({"x": "a * b"}, "x", {"a": "1", "b": "2"}, {"a": "3", "b": "2"})
    part, (_, leaf) = found.part("a"), found.leaves
    assert part is not None
    assert [part.change, leaf.change, found.root.change] == [2, 0, 4]
    assert (found.root.opened, part.opened, leaf.name, found.part("c")) == (True, False, "b", None)
    unknown = split({"x": "a * b"}, "x", {"a": "1"}, {"a": "3", "b": "2"}).part("b")
    assert unknown is not None
    assert unknown.change is None
