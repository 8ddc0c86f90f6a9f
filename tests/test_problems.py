from __future__ import annotations

import pytest

from shinro.problems import CannotGoOn, Place, Problem, Severity, ShinroError, problem, worst_first

HERE = Place("shinro.yaml", 41, 7)


def test_a_place_is_said_as_editors_understand_it() -> None:
    assert str(HERE) == "shinro.yaml:41:7"
    assert str(Place("shinro.yaml")) == "shinro.yaml"
    assert HERE.shifted(3) == Place("shinro.yaml", 41, 10)


def test_the_arguments_of_a_problem_cannot_be_changed() -> None:
    found = problem("S111", HERE, key="wehre")
    assert found.severity is Severity.ERROR
    with pytest.raises(TypeError):
        found.args["key"] = "where"  # type: ignore[index]  # what is tried
    args = {"key": "wehre"}
    kept = Problem(HERE, "S111", args)
    args["key"] = "where"
    assert kept.args["key"] == "wehre"


def test_equal_problems_count_once() -> None:
    assert len({problem("S111", HERE, key="a"), problem("S111", HERE, key="a"), problem("S111", HERE, key="b")}) == 2


def test_the_worst_come_first_then_by_place_and_code() -> None:
    later = Place("shinro.yaml", 50, 1)
    info = problem("A", HERE, Severity.INFO)
    warning = problem("B", HERE, Severity.WARNING)
    errors = [problem("D", HERE), problem("C", later), problem("E", later)]
    assert worst_first([info, errors[2], warning, errors[1], errors[0]]) == [*errors, warning, info]
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3]


def test_an_exception_carries_the_problems_that_stop_us() -> None:
    stop = CannotGoOn([problem("S109", Place("shinro.yaml"))])
    assert isinstance(stop, ShinroError)
    assert stop.problems[0].code == "S109"
    assert str(stop) == "shinro.yaml S109"
