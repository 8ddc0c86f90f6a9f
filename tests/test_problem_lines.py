from __future__ import annotations

from datetime import date
from fractions import Fraction

from shinro.problems import Place, Problem, Severity
from shinro.reports.problems import as_json, padding, problems_report
from shinro.reports.terminal import render
from shinro.reports.words import words

HINT = Problem(Place("shinro.yaml", 43, 7), "Q103", {"quote": "'"}, hint=("where: 種別 = 'call", 12))
WARNING = Problem(Place("shinro.yaml", 2, 1), "Q103", {"quote": "`"}, Severity.WARNING)


def test_a_problem_is_its_place_its_code_a_sentence_and_the_next_move() -> None:
    text = render(problems_report([WARNING, HINT], words("ja")), 100)
    first, source, caret, move, *_ = text.splitlines()
    assert first == "shinro.yaml:43:7 Q103 ' が閉じられていません。"
    assert source == "  where: 種別 = 'call"
    assert caret == "  " + " " * 7 + "　　" + " " * 3 + "^"
    assert move.startswith("  終わりにも")
    assert text.splitlines()[-1] == "エラー1件、警告1件です。"


def test_in_english_too() -> None:
    text = render(problems_report([HINT], words("en")), 100)
    assert text.startswith("shinro.yaml:43:7 Q103 What ' opens is never closed.\n")
    assert text.endswith("1 error.\n")


def test_nothing_wrong_is_said() -> None:
    assert render(problems_report([], words("ja")), 80) == "問題は見つかりませんでした。\n"


def test_a_caret_stands_below_wide_characters() -> None:
    assert padding("a種 ｱ") == " 　  "
    assert padding("が") == "　"  # a combining mark takes no room


def test_json_holds_the_place_and_both_sentences() -> None:
    problem = Problem(
        Place("a.yaml", 1, 2), "Q103", {"quote": "'", "n": Fraction(1, 20), "day": date(2026, 4, 1), "of": ("a", "b")}
    )
    found = as_json([WARNING, problem], words("en"))
    assert [each["severity"] for each in found] == ["error", "warning"]
    assert (found[0]["path"], found[0]["line"], found[0]["column"], found[0]["code"]) == ("a.yaml", 1, 2, "Q103")
    assert found[0]["says"] == "What ' opens is never closed."
    assert found[0]["args"] == {"quote": "'", "n": "0.05", "day": "2026-04-01", "of": "a, b"}
