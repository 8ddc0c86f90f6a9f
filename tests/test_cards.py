from __future__ import annotations

from dataclasses import replace

import pytest

from shinro.definitions.grammar import formula
from shinro.problems import Place
from shinro.reports.cards import trees
from shinro.reports.formulas import labelled, signs_of
from shinro.reports.parts import Branch
from shinro.reports.readings import Telling
from shinro.reports.words import words
from telling import gist

HERE = Place("shinro.yaml", 1, 1)


def telling(lang: str = "ja") -> Telling:
    return Telling(words(lang), gist().project)


def told(lang: str = "ja") -> tuple[Branch, ...]:
    return trees(gist().status, {}, telling(lang))


def outline(branch: Branch, depth: int = 0) -> list[str]:
    sign = f"({branch.edge}) " if branch.believed else f"{branch.edge} ".lstrip()
    again = " *" if branch.again else ""
    lines = [line for each in branch.drivers for line in outline(each, depth + 1)]
    return [f"{'  ' * depth}{sign}{branch.card.label}{again}", *lines]


def test_the_star_is_made_of_its_drivers_and_believed_to_lead_to_the_outcomes() -> None:
    star, sales, companies = told("en")
    assert outline(star) == [
        "商談化リード数",
        "  コール数",
        "    (supported) リード数",
        "  × 返信率 (guardrail)",
        "  × Held rate",
    ]
    assert outline(sales) == ["Sales", "  (hypothesis, 6 weeks later) 商談化リード数 *"]
    assert outline(companies) == ["Paying companies"]


def test_a_node_says_its_formula_in_the_readers_words() -> None:
    assert told("ja")[0].formula == "コール数 × 返信率 × 商談化率"


@pytest.mark.parametrize(
    ("text", "ja"),
    [
        ("leads - (calls + previous(leads)) / 2", "リード数 − (コール数 + 前期のリード数) ÷ 2"),
        ("previous + leads", "前期の値 + リード数"),
        ("previous(leads, 3) * 2", "3期前のリード数 × 2"),
        ("calls / positive(mean(leads, 3))", "コール数 ÷ (リード数の直近3期の平均 ※0より大きい場合)"),
        ("cmgr(leads, 12)", "リード数の直近12期の複利成長率"),
        ("leads / (calls * replies)", "リード数 ÷ (コール数 × replies)"),
        ("leads - (calls - replies)", "リード数 − (コール数 − replies)"),
        ("(leads + calls) * -replies", "(リード数 + コール数) × −replies"),
        ("-(leads + calls)", "−(リード数 + コール数)"),
        ("leads + 5%", "リード数 + 5%"),
    ],
)
def test_formulas_keep_their_meaning(text: str, ja: str) -> None:
    assert labelled(formula(text, HERE), telling()) == ja


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("a * b / c", {"a": "", "b": "×", "c": "÷"}),
        ("previous + a - b", {"previous": "", "a": "+", "b": "−"}),
        ("2 * a", {"a": "×"}),
        ("a + b * c", {"a": ""}),
    ],
)
def test_a_driver_has_the_sign_before_it(text: str, signs: dict[str, str]) -> None:
    assert signs_of(formula(text, HERE)) == signs


def test_without_a_star_there_is_no_tree() -> None:
    found = gist()
    bare = Telling(words("ja"), replace(found.project, north_star=()))
    assert trees(found.status, {}, bare) == ()
