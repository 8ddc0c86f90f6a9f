"""Segments as they are told: Simpson's paradox, small bases, what is new, what all did."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from made_up import STORY, project_of
from shinro.analysis.breaks import breaks
from shinro.analysis.mix import Cut, Whole, pooled, ratio_cell, split
from shinro.analysis.since import since
from shinro.analysis.strains import Kind
from shinro.definitions.meaning import meanings
from shinro.findings.segments import Against, Break, Breaks, SegmentFindings, Side
from shinro.periods import Calendar, Grain, Period
from shinro.reports.readings import Telling
from shinro.reports.report import Report
from shinro.reports.segments import break_text, place_text, segments_blocks
from shinro.reports.segments_json import segments_json
from shinro.reports.terminal import render
from shinro.reports.words import words
from shinro.series import Better, Mark, Point

PROJECT = project_of(STORY)
RATE = meanings(PROJECT)["reply_rate"]
JULY, AUGUST = Period(date(2026, 7, 1), date(2026, 8, 1)), Period(date(2026, 8, 1), date(2026, 9, 1))
Parts = tuple[int, int] | None


def cell(parts: Parts) -> Side | None:
    return ratio_cell(Fraction(parts[0]), Fraction(parts[1])) if parts else None


def findings(segments: dict[str | None, tuple[Parts, Parts]]) -> SegmentFindings:
    cut: Cut = {(("size", name),): (cell(before), cell(after)) for name, (before, after) in segments.items()}
    before, after = pooled(cut, ())[()]
    made = split(("size",), Whole(before or Side(None), after or Side(None)), [cut])
    broke = breaks(cut, Kind.ODDS)
    return SegmentFindings(RATE, JULY, AUGUST, Against.LAST, ("size",), splits=(made,) if made else (), breaks=broke)


def told(found: SegmentFindings, lang: str) -> str:
    telling = Telling(words(lang), PROJECT)
    assert segments_json(found, telling)["dimensions"] == ["size"]
    return render(Report(lang, tuple(segments_blocks(found, telling))), 300)


RISING = findings({"small": ((234, 270), (81, 87)), "large": ((55, 80), (192, 263))})
FALLING = findings({"small": ((81, 87), (234, 270)), "large": ((192, 263), (55, 80))})


def test_the_paradox_is_told_in_words() -> None:
    assert "Simpson's paradox: the rate rose in all 2 segments by size (+5.4pt), and the whole fell" in told(
        RISING, "en"
    )
    assert "low rate (-9.9pt)." in told(RISING, "en")
    assert "シンプソンのパラドックス: sizeの2セグメントすべてで率が上がった (+5.4pt) のに、全体は下がりました" in told(
        RISING, "ja"
    )
    assert "the rate fell in all 2 segments by size (-5.4pt), and the whole rose" in told(FALLING, "en")
    assert "率が下がった (-5.4pt) のに、全体は上がりました" in told(FALLING, "ja")
    assert segments_json(RISING, Telling(words("en"), PROJECT))["splits"][0]["simpson"] == {  # type: ignore[index]  # a list
        "rising": True,
        "segments": 2,
    }


def test_small_bases_new_and_gone_segments_are_marked() -> None:
    text = told(findings({"small": ((2, 10), (3, 100)), "old": ((5, 50), None), None: (None, (1, 40))}), "en")

    assert "20.0%*" in text
    assert "* A rate of fewer than 30" in text
    assert "gone" in text
    assert "new" in text
    assert "(none)" in text
    assert "–" in text


def test_one_segment_is_the_whole() -> None:
    found = findings({"all": ((20, 100), (10, 100))})

    assert "There is one segment only" in told(found, "en")
    assert "全体と同じ" in told(found, "ja")
    assert segments_json(found, Telling(words("en"), PROJECT))["breaks"] is None


def test_many_segments_are_told_as_one_line() -> None:
    text = told(findings({f"s{n}": ((n + 40, 200), (n + 41, 200)) for n in range(12)}), "en")

    assert "4 more" in text


def test_two_equal_segments_have_no_nearest() -> None:
    found = findings({"a": ((20, 100), (20, 100)), "b": ((20, 100), (20, 100))})

    assert "It broke nowhere: no segment moved further" in told(found, "en")
    assert "nearest" not in told(found, "en")


@pytest.mark.parametrize(
    ("lang", "whole", "nearest"),
    [
        (
            "en",
            "the whole is 78.0% instead of 73.2%; no segment rose further",
            "The nearest to it: size small, 93.1% instead of 86.7%, which brought +1.6pt to the whole.",
        ),
        (
            "ja",
            "全体は想定 73.2% に対して 78.0%。上向きの動きは",
            "最も近いのは size「small」: 想定 86.7% に対して 93.1%。全体への影響は +1.6pt。",
        ),
    ],
)
def test_where_nothing_broke_the_whole_stands_beside_what_was_expected_of_it(
    lang: str, whole: str, nearest: str
) -> None:
    """The whole fell, by its mix alone: at the denominators of now it is above what was expected."""
    assert whole in told(RISING, lang)
    assert nearest in told(RISING, lang)
    down = {"en": "no segment fell further", "ja": "下向きの動きは"}
    assert down[lang] in told(FALLING, lang)


@pytest.mark.parametrize(
    ("lang", "weighed"), [("en", "Weighed as well: size small"), ("ja", "ほかの候補 size「small」")]
)
def test_what_is_not_named_is_not_said_to_have_broken(lang: str, weighed: str) -> None:
    broke = segments_json(RISING, Telling(words(lang), PROJECT))["breaks"]
    assert isinstance(broke, dict)
    assert broke["named"] == []
    assert isinstance(broke["others"], list)
    assert [str(each["says"]).startswith(weighed) for each in broke["others"]] == [True, False]
    assert {name: side["shown"] for name, side in broke["whole"].items()} == {"observed": "78.0%", "expected": "73.2%"}
    assert not any(word in str(each["says"]) for each in broke["others"] for word in ("broke", "崩れた"))


@pytest.mark.parametrize(
    ("lang", "worse", "better", "others"),
    [
        (
            "en",
            "It broke at size small: 1.0% instead of 4.0%",
            "It comes from size small",
            "All the others moved alike too",
        ),
        (
            "ja",
            "崩れたのは size「small」: 想定 4.0% に対して 1.0%",
            "動いたのは size「small」",
            "ほかのセグメントもそろって",
        ),
    ],
)
def test_sentences(lang: str, worse: str, better: str, others: str) -> None:
    telling = Telling(words(lang), PROJECT)
    observed, expected = ratio_cell(Fraction(1, 5), Fraction(20)), ratio_cell(Fraction(4, 5), Fraction(20))
    one = Break((("size", "small"),), observed, expected, Fraction(-1, 100), 9.0, Fraction(3, 4), JULY)
    found = replace(RISING, breaks=Breaks(Against.LAST, (one,), (), observed, expected, 2, 2))

    assert break_text(one, found, telling).startswith(worse)
    assert "75%" in break_text(one, found, telling)
    assert "n = 20" in break_text(one, found, telling)
    assert break_text(replace(one, change=Fraction(1, 100)), found, telling).startswith(better)
    lower = replace(found, meaning=replace(RATE, better=Better.LOWER))
    assert break_text(one, lower, telling).startswith(better)
    assert break_text(replace(one, segment=()), found, telling, first=False).startswith(others)
    assert place_text((("size", None), ("team", "east")), Telling(words("en"), PROJECT)) == "size (none), team east"


def test_a_span_of_months_is_named_as_one() -> None:
    found = replace(RISING, before=Period(date(2026, 1, 1), date(2026, 8, 1)))

    assert "Jan – Jul 2026 → Aug 2026" in told(found, "en")


def points(*counts: int | None, base: int | None = None) -> list[Point]:
    first = Calendar().period(date(2026, 1, 5), Grain.WEEK)
    return [
        Point(
            Calendar().step(first, Grain.WEEK, number),
            None if count is None else Fraction(count),
            Mark.UNKNOWN if count is None else Mark.COMPLETE,
            None if base is None or count is None else Fraction(count),
            None if base is None else Fraction(base),
        )
        for number, count in enumerate(counts)
    ]


def test_since_when() -> None:
    assert since(points(100, 104, 98, 50, 52), 1) == 3
    assert since(points(100, 104, 98, 101, 97), 1) is None
    assert since(points(30, 31, 29, 9, 12, base=300), 2) == 3
    assert since(points(100, 104, None, 98, 101), 1) is None
    assert since([], 0) is None


@pytest.mark.parametrize("kind", ["rate", "amount"])
@pytest.mark.parametrize(("lang", "one_way"), [("en", r"beyond|above|more"), ("ja", "高い|超え|上回")])
def test_a_target_may_lie_on_either_side_of_what_was_expected(kind: str, lang: str, one_way: str) -> None:
    assert not re.search(one_way, words(lang).say(f"segments.expected.{kind}.mean", before="x", after="y"))
