from __future__ import annotations

import pytest

from shinro.definitions.nodes import Mapping, Scalar, Sequence, Text, no_colon, read_nodes
from shinro.problems import CannotGoOn, Place, Problem


def top(text: str) -> Mapping:
    found, problems = read_nodes(text, "a.yaml")
    assert problems == ()
    return found


def stops(text: str) -> Problem:
    with pytest.raises(CannotGoOn) as caught:
        read_nodes(text, "a.yaml")
    (problem,) = caught.value.problems
    return problem


def problems(text: str) -> list[tuple[str, int, int]]:
    _, found = read_nodes(text, "a.yaml")
    return [(problem.code, problem.place.line, problem.place.column) for problem in found]


def values(text: str) -> dict[str, str]:
    return {key.text: node.text for key, node in top(text).entries if isinstance(node, Scalar)}


@pytest.mark.parametrize("text", ["NO", "yes", "0777", "1_000", "1e3", "2026-04-01", "~", "null", "+2pt", "12:30:00"])
def test_a_scalar_is_its_text_and_no_value_is_guessed(text: str) -> None:
    assert values(f"a: {text}\n") == {"a": text}


def test_every_node_knows_its_place_and_how_it_is_written() -> None:
    """a: [x, 'y']  /  b: {c: z}"""
    (_, a), (key, b) = top("a: [x, 'y']\nb:\n  c: z\n").entries
    assert isinstance(a, Sequence)
    assert isinstance(b, Mapping)
    assert (a.place, a.flow, b.place, b.flow) == (Place("a.yaml", 1, 4), True, Place("a.yaml", 3, 3), False)
    x, y = a.items
    assert isinstance(x, Scalar)
    assert isinstance(y, Scalar)
    assert (x.text, x.place, x.plain) == ("x", Place("a.yaml", 1, 5), True)
    assert (y.text, y.place, y.plain) == ("y", Place("a.yaml", 1, 9), False)  # inside its quotes
    assert key.place == Place("a.yaml", 2, 1)


def test_a_column_counts_characters_not_bytes() -> None:
    ((_, node),) = top("会社: {名前: 青空}\n").entries
    assert isinstance(node, Mapping)
    assert node.entries[0][1].place == Place("a.yaml", 1, 10)


@pytest.mark.parametrize("sign", ["|", ">"])
def test_a_text_of_several_lines_stands_on_the_first_of_them(sign: str) -> None:
    ((_, node),) = top(f"because: {sign}\n  one\n  two\n").entries
    assert node.place == Place("a.yaml", 2, 1)


def test_a_text_knows_its_place_and_is_equal_to_its_characters() -> None:
    text = Text("reply_rate", Place("a.yaml", 3, 5))
    assert text == "reply_rate"
    assert text.place.line == 3


def test_what_is_cut_at_commas_is_said_once_with_all_its_pieces() -> None:
    _, found = read_nodes("reach: [mrr >= 1,000,000, companies >= 3]\n", "a.yaml")
    assert [(p.code, p.args["text"], p.args["quoted"]) for p in found] == [
        ("S102", "mrr >= 1,000,000", '"mrr >= 1,000,000"')
    ]
    _, found = read_nodes("m: {where: kind in (1, 2, 3), count: x}\n", "a.yaml")
    assert [(p.code, p.place.column, p.args["text"]) for p in found] == [("S102", 12, "kind in (1,2,3)")]


def test_a_value_that_is_cut_behind_a_group_is_shown_by_dots() -> None:
    _, found = read_nodes("m: {a: [x], 3)}\n", "a.yaml")
    assert [(p.code, p.args["text"]) for p in found] == [("S102", "...,3)")]


def test_numbers_in_a_list_that_are_no_thousands_stay() -> None:
    assert problems("levels: [80, 100, 12]\n") == [("S102", 1, 10)]
    assert problems("levels: [80, 90]\nothers: ['80', 100]\n") == []


def test_a_key_twice_names_the_first() -> None:
    _, (problem,) = read_nodes("a: 1\nb: 2\na: 3\n", "a.yaml")
    assert (problem.code, problem.place, problem.args["first"]) == ("S105", Place("a.yaml", 3, 1), "a.yaml:1:1")


def test_a_key_that_is_a_list_is_left_out() -> None:
    assert problems("? [a, b]\n: c\nd: e\n") == [("S113", 1, 3)]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "S109", 0, 0),
        ("- a\n", "S110", 1, 1),
        ("company：a\n", "S138", 1, 1),
        ("a: 1\n---\nb: 2\n", "S117", 2, 1),
        ("a: &x 1\n", "S103", 1, 4),
        ("a: !x 1\n", "S104", 1, 4),
        ("a: " + "[" * 33 + "]" * 33, "S106", 1, 35),
        ("a: b\0\n", "S108", 1, 5),
        ("a: b\nc: \u200b\n", "S108", 2, 4),
        ("a: " + "x" * 300_000, "S107", 0, 0),
        ("a:\n\tb: 1\n", "S118", 2, 1),
    ],
)
def test_a_text_without_a_tree_stops_with_its_place(text: str, code: str, line: int, column: int) -> None:
    problem = stops(text)
    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)


@pytest.mark.parametrize("text", ["a: 👨‍👩‍👧 家族\n", "a: سلام\u200f\n", "\ufeffa: b\n", "a: b\r\nc: d\r\n"])
def test_what_languages_need_is_let_through(text: str) -> None:
    assert len(top(text).entries) >= 1


def test_only_a_plain_text_can_have_lost_its_colon() -> None:
    place = Place("a.yaml", 1, 1)
    plain = Scalar(Text("company：a", place), place, plain=True)
    told = no_colon(plain)
    assert told is not None
    assert told.args["fixed"] == "company: a"
    assert no_colon(Scalar(Text("company：a", place), place, plain=False)) is None
    assert no_colon(Sequence((), place, flow=True)) is None
    assert no_colon(Scalar(Text("company: a", place), place, plain=True)) is None
