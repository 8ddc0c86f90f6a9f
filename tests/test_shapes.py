from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Literal

import pytest

from shinro.definitions.nodes import Text, read_nodes
from shinro.definitions.shapes import Block, Unreadable, keys, read
from shinro.definitions.values import Name, Ref
from shinro.problems import Place, Problem


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel(Block):
    shorthand = "size"

    size: Text | None = None
    spokes: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart(Block):
    from_: Text
    colour: Colour = Colour.RED
    speed: Literal["slow", "fast"] = "slow"
    painted: bool = False
    built: date | None = None
    owners: tuple[Text, ...] = ()
    pulls: tuple[Ref, ...] = ()
    wheels: Mapping[Name, Wheel] | None = None
    signs: Mapping[str, Text] | None = None


def cart(text: str) -> tuple[Cart | None, list[Problem]]:
    top, found = read_nodes(text, "a.yaml")
    assert found == ()
    problems: list[Problem] = []
    try:
        made = read(Cart, top, problems)
    except Unreadable:
        return None, problems
    assert isinstance(made, Cart)
    return made, problems


def right(text: str) -> Cart:
    made, problems = cart(text)
    assert problems == []
    assert made is not None
    return made


def wrong(text: str) -> list[tuple[str, str]]:
    _, problems = cart(text)
    return [(problem.code, str(problem.place)) for problem in problems]


def test_a_block_is_read_by_its_types() -> None:
    made = right("from: here\ncolour: Blue\nspeed: fast\npainted: yes\nbuilt: 2026/04/01\nowners: [a, b]\npulls: x.y\n")
    assert (made.from_, made.colour, made.speed, made.painted) == ("here", Colour.BLUE, "fast", True)
    assert made.built == date(2026, 4, 1)
    assert made.owners == ("a", "b")
    assert made.pulls == (Ref("x", "y"),)


def test_what_is_not_written_has_its_default() -> None:
    assert right("from: here\n") == Cart(from_=Text("here", Place("")))


def test_a_block_and_its_keys_know_where_they_stand() -> None:
    made = right("from: here\nwheels:\n  front: {size: '26'}\n")
    assert made.at("from") == Place("a.yaml", 1, 7)
    assert made.at("from_") == Place("a.yaml", 1, 7)
    assert made.at("speed") == made.place == Place("a.yaml", 1, 1)
    assert made.wheels is not None
    front = made.wheels[Name("front")]
    assert (front.place, front.at("size")) == (Place("a.yaml", 3, 3), Place("a.yaml", 3, 18))


def test_a_mapping_of_plain_values_keeps_any_key() -> None:
    assert right("from: here\nsigns: {種別 1: kind, 2: b}\n").signs == {"種別 1": "kind", "2": "b"}


def test_a_value_without_braces_is_for_the_shorthand_key() -> None:
    made = right("from: here\nwheels: {front: big, back: {spokes: many}}\n")
    assert made.wheels is not None
    assert made.wheels[Name("front")].size == "big"
    assert made.wheels[Name("back")].size is None


@pytest.mark.parametrize("word", ["yes", "true", "on", "はい", "YES"])
def test_yes_in_many_words(word: str) -> None:
    assert right(f"from: here\npainted: {word}\n").painted is True


@pytest.mark.parametrize("word", ["no", "false", "off", "いいえ", "No"])
def test_no_in_many_words(word: str) -> None:
    assert right(f"from: here\npainted: {word}\n").painted is False


def test_a_day_in_full_width_digits() -> None:
    for day in ("２０２６-04-01", "2026年4月1日", "2026/4/1", "２０２６年４月１日"):
        assert right(f"from: here\nbuilt: {day}\n").built == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("colour: red\n", [("S112", "a.yaml:1:1")]),
        ("from: here\ncolor: red\n", [("S111", "a.yaml:2:1")]),
        ("from: [a]\n", [("S113", "a.yaml:1:7")]),
        ("from: {a: b}\n", [("S113", "a.yaml:1:7")]),
        ("from:\n", [("S115", "a.yaml:1:6")]),
        ("from: here\ncolour: green\n", [("S114", "a.yaml:2:9")]),
        ("from: here\nspeed: fst\n", [("S114", "a.yaml:2:8")]),
        ("from: here\npainted: perhaps\n", [("S114", "a.yaml:2:10")]),
        ("from: here\nbuilt: soon\n", [("S120", "a.yaml:2:8")]),
        ("from: here\nbuilt: 2026年4月\n", [("S120", "a.yaml:2:8")]),
        ("from: here\nbuilt: 2026-W14\n", [("S120", "a.yaml:2:8")]),
        ("from: here\nbuilt: 2026年2月30日\n", [("S120", "a.yaml:2:8")]),
        ("from: here\nowners: [a, [b]]\n", [("S113", "a.yaml:2:13")]),
        ("from: here\npulls: [a b]\n", [("S122", "a.yaml:2:9")]),
        ("from: here\nwheels: [a]\n", [("S137", "a.yaml:2:9")]),
        ("from: here\nwheels: front：big\n", [("S138", "a.yaml:2:9")]),
        ("from: here\nwheels:\n", [("S115", "a.yaml:2:8")]),
        ("from: here\nwheels: {front: }\n", [("S115", "a.yaml:2:17")]),
        ("from: here\nwheels: {front wheel: big}\n", [("S122", "a.yaml:2:10")]),
        ("from: here\n　colour: red\n", [("S116", "a.yaml:2:1")]),
    ],
)
def test_a_mistake_is_told_at_its_place(text: str, codes: list[tuple[str, str]]) -> None:
    assert wrong(text) == codes


def test_all_that_is_wrong_is_told_and_the_rest_is_read() -> None:
    made, problems = cart("from: here\ncolour: green\nbuilt: soon\nowners: [a, [b], c]\nspeed: fast\n")
    assert [problem.code for problem in problems] == ["S114", "S120", "S113"]
    assert made is not None
    assert (made.colour, made.built, made.owners, made.speed) == (Colour.RED, None, ("a", "c"), "fast")


def test_a_block_whose_needed_value_is_wrong_is_left_out() -> None:
    made, problems = cart("from: [a]\ncolour: blue\n")
    assert made is None
    assert [problem.code for problem in problems] == ["S113"]


@pytest.mark.parametrize(
    ("key", "near", "case"), [("colr", "colour", "near"), ("FROM", "from", "near"), ("zz", "", "far")]
)
def test_an_unknown_key_is_answered_with_the_nearest_and_all(key: str, near: str, case: str) -> None:
    _, problems = cart(f"from: here\n{key}: x\n")
    assert (problems[0].args["near"], problems[0].args["case"]) == (near, case)
    assert problems[0].args["known"] == "built, colour, from, owners, painted, pulls, signs, speed, wheels"


def test_a_word_that_is_none_of_the_choices_is_answered_with_the_nearest() -> None:
    _, (problem,) = cart("from: here\nspeed: fasst\n")
    assert dict(problem.args) == {"found": "fasst", "choices": "slow, fast", "near": "fast", "case": "near"}


def test_keys_say_what_is_required() -> None:
    assert [key.name for key in keys(Cart).values() if key.required] == ["from"]
