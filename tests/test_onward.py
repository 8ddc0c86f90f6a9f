"""Ways on, written into a project's text: the old stays, the new says what it replaces, nothing is written twice."""

from __future__ import annotations

from datetime import date

import pytest

from checking import check_text, project_of
from shinro.drafts.onward import with_lever, with_next_milestone

TEXT = """\
# Our story.
story: {starts: 2026-01-01}
sources: {crm: {type: files, path: data/*.csv}}
tables:
  deals: {from: crm.deals, key: deal_id, time: won_on}
metrics:
  won: {count: deals}  # counted when signed
milestones:
  - {id: m3, label: {ja: 春, en: Spring}, by: +3 months, reach: [won >= 5 per month]}  # promised to the board
  - {id: m3-2, by: +6 months, reach: [won >= 9 per month]}
"""
DAY, DUE = date(2026, 5, 11), date(2026, 8, 1)


def moved(text: str, levels: dict[str, str] | None = None, title: str = "m3", due: date = DUE) -> str:
    return with_next_milestone(text, project_of(text), title, due, levels or {}, DAY)


def test_a_milestone_is_promised_anew_beside_the_old_one() -> None:
    found = moved(TEXT)
    line = (
        "  - {id: m3-3, label: {ja: 春, en: Spring}, by: 2026-08-01, reach: [won >= 5 per month],"
        " declared: 2026-05-11, replaces: m3}\n"
    )
    assert found == TEXT + line
    assert moved(found) == found


def test_a_level_that_is_lower_than_the_one_it_replaces_is_no_mistake() -> None:
    text = TEXT.replace("  - {id: m3-2, by: +6 months, reach: [won >= 9 per month]}\n", "")
    lower = moved(text, {"won": "won >= 4 per month"})
    assert "reach: [won >= 4 per month]" in lower
    assert [each.code for each in check_text(lower) if each.code == "M405"] == []
    assert [each.code for each in check_text(lower.replace(", replaces: m3", "")) if each.code == "M405"] == ["M405"]


def test_a_milestone_that_is_not_there_cannot_be_moved() -> None:
    with pytest.raises(KeyError):
        moved(TEXT, title="m4")


def test_an_initiative_is_added_once() -> None:
    found = with_lever(TEXT, project_of(TEXT), "Letters: by post", "won", "+2 in 1 month", DAY)
    line = '  - {name: "Letters: by post", starts: 2026-05-11, moves: won, expect: +2 in 1 month}\n'
    assert found == f"{TEXT}initiatives:\n{line}"
    assert with_lever(found, project_of(found), "Letters: by post", "won", "+2 in 1 month", DAY) == found
