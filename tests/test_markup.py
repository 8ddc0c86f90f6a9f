from __future__ import annotations

import re
from fractions import Fraction
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hostile import HOSTILE
from shinro.reports.inert import inert
from shinro.reports.markup import Markup, joined, sentence, tag, text
from shinro.reports.pictures import bar, spark


@given(st.text() | st.sampled_from(HOSTILE))
def test_no_text_opens_an_element_or_leaves_an_attribute(said: str) -> None:
    found = tag("p", said, title=said)
    inside = re.fullmatch(r'<p title="([^"<>]*)">([^<>]*)</p>', found)
    assert inside
    assert [unescape(part) for part in inside.groups()] == [inert(said)] * 2


@pytest.mark.parametrize(
    ("element", "markup"),
    [
        (tag("p", "a", None, "", tag("b", "c")), "<p>a<b>c</b></p>"),
        (tag("input", type="radio", checked=True, disabled=False, id=None), '<input type="radio" checked>'),
        (
            tag("label", "x", for_="a", aria_label="b", class_="c d"),
            '<label for="a" aria-label="b" class="c d">x</label>',
        ),
        (tag("circle", cx="1"), '<circle cx="1"/>'),
        (joined("<", Markup("<br>")), "&lt;<br>"),
        (text("a & b"), "a &amp; b"),
    ],
)
def test_elements(element: str, markup: str) -> None:
    assert element == markup


@pytest.mark.parametrize(
    ("said", "markup"),
    [
        ("write `by` there", "write <code>by</code> there"),
        ("`a` and `<b>`", "<code>a</code> and <code>&lt;b&gt;</code>"),
        ("one ` alone", "one ` alone"),
        ("plain", "plain"),
    ],
)
def test_what_one_types_stands_between_backquotes(said: str, markup: str) -> None:
    assert sentence(said) == markup


def test_a_course_is_a_line_with_gaps_and_its_last_point() -> None:
    found = spark([Fraction(1), Fraction(3), None, Fraction(2), None])
    assert found.count("<polyline") == 2  # a value alone is a dot
    assert 'points="4.0,24.0 26.0,4.0"' in found
    assert '<circle cx="70.0" cy="14.0"' in found


def test_a_flat_course_stands_in_the_middle_and_a_single_point_is_none() -> None:
    assert 'points="4.0,14.0 92.0,14.0"' in spark([Fraction(2), Fraction(2)])
    assert spark([Fraction(2), None]) == ""
    assert spark([]) == ""


@pytest.mark.parametrize(("share", "width"), [(Fraction(-1), "0.0"), (Fraction(1, 3), "33.3"), (Fraction(5), "100.0")])
def test_a_way_is_covered_from_none_to_all_of_it(share: Fraction, width: str) -> None:
    assert f'class="covered behind" width="{width}"' in bar(share, "behind")


def test_a_way_that_cannot_be_told_is_not_drawn() -> None:
    assert bar(None, "behind") == ""
