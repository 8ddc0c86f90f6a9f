"""The unit of money on axes and over columns, in the reader's language."""

from __future__ import annotations

from fractions import Fraction

import pytest

from shinro.reports.document import Line, Plot
from shinro.reports.forms.slide_chart import scale_of
from shinro.reports.readings import Telling
from shinro.reports.traction_front import unit_text
from shinro.reports.words import words
from shinro.series import Meaning, Nature
from telling import look


@pytest.mark.parametrize(
    ("lang", "currency", "unit", "large"),
    [
        ("ja", "JPY", "円", "万円"),
        ("ja", "USD", "ドル", "万ドル"),
        ("ja", "CHF", "CHF", "万CHF"),
        ("en", "JPY", "JPY", "JPY (K)"),
    ],
)
def test_money_is_named_in_the_readers_language(lang: str, currency: str, unit: str, large: str) -> None:
    said = words(lang)
    found = unit_text(Meaning("sales", Nature.FLOW, currency=currency), Telling(said, look().project))
    plot = Plot("Sales", "", ("1", "2"), (Line("Sales", (Fraction(200_000), Fraction(300_000))),), unit, "money")
    assert found == unit
    assert scale_of(plot, said)[1] == large
