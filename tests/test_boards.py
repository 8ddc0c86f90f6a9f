"""Sheets of numbers that somebody typed in: their rows are nothing to count."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from checking import assert_said
from drafting import drafted, write
from outlining import story, survey
from shinro.drafts.text import asked
from shinro.problems import CannotGoOn

WEEKS = ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-30"]
MONTHS = [f"2026-0{n}-01" for n in range(1, 5)]
ANY = ["2026-03-02", "2026-03-03", "2026-03-17", "2026-03-30"]


@pytest.mark.parametrize(
    ("header", "rows", "every"),
    [
        ("date,Orders,GMV ($K)", [f"{day},1{n},2.5" for n, day in enumerate(WEEKS)], "week"),
        ("date,Kind,Orders", [f"{day},{kind},1" for day in WEEKS for kind in ("books", "toys")], "week"),
        ("日,注文数,返金額", [f"{day},1{n},200" for n, day in enumerate(MONTHS)], "month"),
        ("date,Orders,GMV", [f"{day},1{n},2.5" for n, day in enumerate(ANY)], None),
        ("date,Kind,Orders", [f"{day},books,1" for day in WEEKS * 3], None),
        ("id,date,Orders", [f"b{n},{day},1" for n, day in enumerate(WEEKS)], None),
        ("date,customer,Orders", [f"{day},c{n},1" for n, day in enumerate(WEEKS)], None),
    ],
)
def test_a_board_is_asked_about_and_its_rows_are_no_star(header: str, rows: Sequence[str], every: str | None) -> None:
    outline, _, project, said = story(survey("board", header, *rows))
    assert ({"board", "no_star_typed"} <= said) == (every is not None)
    assert (project.star is None, len(project.metrics) == 0) == (every is not None, every is not None)
    asked_of = [note.args["every"] for _, part in outline.parts for note in part.notes if note.key == "board"]
    assert asked_of == ([every] if every else [])


def test_beside_deals_it_is_still_asked_about() -> None:
    deals = [f"D{n},2026-0{1 + n % 3}-0{n + 1},{'won' if n % 2 else 'lost'},5" for n in range(8)]
    board = survey("board", "date,Orders", *(f"{day},1{n}" for n, day in enumerate(WEEKS)))
    outline, _, _, said = story(survey("deals", "deal_id,opened_on,stage,amount", *deals), board)
    assert (outline.star and outline.star.metric, "board" in said) == ("won", True)


def test_a_wide_board_is_led_to_enter(tmp_path: Path) -> None:
    file = write(tmp_path / "weekly.csv", "Weekly board,,", ["metric,2026/9/7,2026/9/14", "orders,12,15"])
    with pytest.raises(CannotGoOn) as caught:
        drafted(tmp_path / "out", file)
    (found,) = caught.value.problems
    assert (found.code, found.args["case"]) == ("L113", "nowhere")
    assert_said(found)


def test_a_question_of_three_lines_is_read_whole() -> None:
    text = "tables:\n  # ask: which of these\n  # do you\n  # follow?\n  board: {}  # ask: and this?\n# no question\n"
    assert asked(text) == ("which of these do you follow?", "and this?")
