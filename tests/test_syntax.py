"""YAML's slips: the code, the spot of the caret, and what to write instead."""

from __future__ import annotations

import pytest
import yaml

from shinro.definitions.nodes import read_nodes
from shinro.definitions.syntax import joined, quoted, slip
from shinro.problems import CannotGoOn, Place, Problem

PATHS = 'crm: {type: files, path: "C:\\data"}\n'


def said(text: str) -> Problem:
    with pytest.raises(CannotGoOn) as caught:
        read_nodes(text, "a.yaml")
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\n\tb: 2\n", "S118", 2, 1),
        ("a:\n  \tb: 2\n   c: 1\n", "S118", 2, 3),
        (PATHS, "S139", 1, 29),
        ('a: "\\xZZ"\n', "S139", 1, 5),
        ("a: 'b\nc: d\n", "S119", 1, 4),
        ('a: 1\nb: "c\n', "S119", 2, 4),
        ("company a\nb: c\n", "S138", 1, 1),
        ("a: 1\ncompany a\nb: c\n", "S138", 2, 1),
        ("company：a\n\nb: c\n", "S138", 1, 1),
        ("story: {a: 1\nb: 2\n", "S140", 1, 8),
        ("story: {a: 1\n", "S140", 1, 8),
        ("a: {b: 1}}\n", "S140", 1, 10),
        ("a: [1]]\n", "S140", 1, 7),
        ("a:\n  b: 1\n   c: 2\n", "S116", 3, 4),
        ("a:\n    b: 1\n  c: 2\n", "S116", 3, 3),
        ("a: 1\n- b\n", "S116", 2, 1),
        ("a:\n  b:\n\u3000\u3000  c: d\n    e: f\n", "S116", 3, 1),
        ("a:\n  b: 1\n \u3000c: 2\n", "S116", 3, 2),
        ("a: {b: c: d}\n", "S102", 1, 9),
        ("a: [%b]\n", "S102", 1, 5),
        ("a: {\n  b: %c,\n}\n", "S102", 2, 6),
        (": b\nc\n", "S102", 1, 1),
        ("a: [b,, c]\n", "S101", 1, 7),
        ("%A\n---\na: 1\n", "S101", 1, 3),
        ("a: " + "[" * 3000, "S106", 1, 1003),
    ],
)
def test_a_slip_is_recognised_at_its_spot(text: str, code: str, line: int, column: int) -> None:
    problem = said(text)
    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)
    assert problem.hint is not None
    assert problem.hint == ((text.splitlines() or [""])[line - 1], column - 1)


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("dates: %Y/%m/%d\n", "%Y/%m/%d", '"%Y/%m/%d"'),
        ("crm: {type: files, dates: %Y/%m/%d, path: x}\n", "%Y/%m/%d", '"%Y/%m/%d"'),
        ("m: {where: stage in ('a', 'b')} # both\n", "stage in ('a', 'b')", "\"stage in ('a', 'b')\""),
        ("reach:\n  - > 30\n", "> 30", '"> 30"'),
        ("company: a: b\n", "a: b", '"a: b"'),
        ("where: 'x' = kind\n", "'x' = kind", "\"'x' = kind\""),
        ("names: [@a, b]\n", "@a", '"@a"'),
        ("names: [a, %b\n", "%b", '"%b"'),
        ("reach: [stage in ('a', 'b'), c]\n", "stage in ('a', 'b')", "\"stage in ('a', 'b')\""),
    ],
)
def test_what_yaml_cuts_is_shown_between_quotes(text: str, value: str, shown: str) -> None:
    problem = said(text)
    assert (problem.code, problem.args["text"], problem.args["quoted"]) == ("S102", value, shown)


@pytest.mark.parametrize("text", ["a", "it's", 'say "a"', "C:\\data", "'a' and \\b", "\"a\" and 'b'", "%Y 年"])
def test_what_is_shown_between_quotes_reads_back_as_itself(text: str) -> None:
    assert yaml.safe_load(f"a: {quoted(text)}") == {"a": text}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("company：青空", (0, "company: 青空")),
        ("  - 会社:青空", (4, "会社: 青空")),
        ("company:　青空 クラウド", (0, "company: 青空 クラウド")),
        ("company", (0, "company: ...")),
        ("company: a", None),
        ("company:", None),
        ("[a, b]", None),
        ("'a' b", None),
        ("", None),
    ],
)
def test_a_name_without_colon_and_space_is_put_right(line: str, found: tuple[int, str] | None) -> None:
    assert joined(line) == found


def test_a_fault_without_a_spot_is_of_the_whole_file() -> None:
    problem = slip(yaml.YAMLError("no idea"), "a: b", "a.yaml")
    assert (problem.code, problem.place) == ("S101", Place("a.yaml"))
