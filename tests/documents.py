"""Documents made by hand for the tests of their forms: every piece there is, in both languages, and hostile ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import cycle
from typing import Any

from hostile import HOSTILE
from shinro.reports.document import Bullets, Document, Grid, Line, Para, Plot, Section, Statement, Value
from shinro.reports.rendering import Form, render

NAMES = "髙﨑𠮷①㈱"
MONTHS = 13
PAID = (3, 3, 4, 5, 5, 6, 8, None, 9, 10, 12, 12, 5)
TARGET = (None, None, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14)
CASH = (5200, 4100, 2900, 1500, 0, -900, -1800, 9000, 7900, 6700, 5600, 4400, 4100)


def sample(lang: str) -> Document:
    """A traction report: claims with marks, long tables, charts with gaps, zeros, negatives and what is incomplete."""
    ja = lang == "ja"

    def say(japanese: str, english: str) -> str:
        return japanese if ja else english

    places = tuple(_month(n, ja) for n in range(MONTHS))
    return Document(
        lang=lang,
        title=say(f"{NAMES} 成長の記録", f"{NAMES}: the path walked"),
        subtitle=say("2025年6月から2026年6月まで。投資家の皆さまへ。", "June 2025 to June 2026, for investors."),
        company=say(f"{NAMES}渡邉商店", f"{NAMES} Watanabe & Co."),
        day=say("2026年6月17日", "Jun 17, 2026"),
        sections=tuple(_sections(say, places)),
        foot=say(
            "検証点 4f2a9c8e17d0b63c(記録 214件目、2026年6月17日)。確かめ方: `shinro record verify`、または付録。",
            "Checkpoint 4f2a9c8e17d0b63c (entry 214, Jun 17, 2026). To verify: `shinro record verify`, or see below.",
        ),
        keywords=("traction", NAMES),
        dated=date(2026, 6, 17),
    )


Say = Callable[[str, str], str]


def _month(n: int, ja: bool) -> str:
    year, month = divmod(2025 * 12 + 5 + n, 12)
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{year}年{month + 1}月" if ja else f"{names[month]} {year}"


def _sections(say: Say, places: tuple[str, ...]) -> Iterable[Section]:
    yield Section(
        say("言えること", "What can be said"),
        (
            Para(say("有料契約社数を軸に、記録にある数字だけで述べます。", "Told from the record alone."), "quiet"),
            *_claims(say),
            Bullets(
                (
                    Para(say("最大顧客の比率は38%。", "The largest customer is 38% of revenue."), "bad"),
                    Para(say("解約は3か月続けて下がった。", "Churn fell three months in a row."), "good"),
                    Para(say("次の約束は12月に有料30社。", "Next: 30 paying companies in December.")),
                )
            ),
            Para(say("6月は集計途中で、比べていません。", "June is incomplete and not compared."), "mark"),
        ),
        (
            say("記録 12, 40, 88, 214件目。", "Entries 12, 40, 88 and 214."),
            say("元データ: deals.csv(指紋 91ab…)。", "Input: deals.csv (fingerprint 91ab…)."),
        ),
    )
    yield Section(say("有料契約社数", "Paying companies"), _charts(say, places))
    yield Section(say("約束したこと", "What was promised"), _promises(say))
    yield Section(say("顧客の一覧", "Customers"), _customers(say))
    yield Section(say("コホート", "Cohorts"), (_cohorts(say, places),))
    yield Section(say("定義", "Definitions"), _definitions(say), appendix=True)


def _claims(say: Say) -> tuple[Statement, ...]:
    kpi, span, rests = say("KPI", "KPI"), say("期間", "Period"), say("節目", "Milestone")
    return (
        Statement(
            say("6か月で有料契約社数が3社から12社に(4.0倍)", "Paying companies from 3 to 12 in 6 months (4.0x)"),
            (
                (kpi, say("有料契約社数", "Paying companies")),
                (span, say("2025年11月〜2026年5月", "Nov 2025 – May 2026")),
                (rests, say("半年後:有料10社", "Half a year on: 10 paying companies")),
            ),
            badge=say("✓ 約束どおり", "✓ as promised"),
        ),
        Statement(
            say("有料転換率を18.2%から27.5%に改善", "Conversion to paid from 18.2% to 27.5%"),
            ((kpi, say("有料転換率", "Conversion to paid")), (span, say("2026年1月〜5月", "Jan – May 2026"))),
            (
                say("母数が22件と小さい(95%区間 11.6〜46.0%)。", "The base is 22 (95% interval 11.6 to 46.0%)."),
                say("計画になかった改善。", "Not planned."),
            ),
            say("予定外", "unplanned"),
        ),
    )


def _charts(say: Say, places: tuple[str, ...]) -> tuple[Plot | Para, ...]:
    paid = tuple(None if each is None else Fraction(each) for each in PAID)
    target = tuple(None if each is None else Fraction(each) for each in TARGET)
    rate = tuple(None if n == 7 else Fraction(60 - 3 * n, 1000) for n in range(MONTHS))
    return (
        Plot(
            say("有料契約社数", "Paying companies"),
            say(
                "2025年6月の3社から2026年5月の12社まで。2026年1月は不明。",
                "From 3 in June 2025 to 12 in May 2026; January is unknown.",
            ),
            places,
            (Line(say("実績", "Actual"), paid, "bars"), Line(say("目標", "Target"), target, "target")),
            say("社", "companies"),
            unfinished=(12,),
            note=say("2026年1月はデータが無い。", "There are no data for January 2026."),
        ),
        Plot(
            say("月次解約率", "Monthly churn"),
            say("6.0%から2.7%まで下がった。", "It fell from 6.0% to 2.7%."),
            places,
            (
                Line(say("全体", "All"), rate),
                Line(say("大口", "Large"), tuple(each and each / 2 for each in rate)),
                Line(say("目標", "Target"), (Fraction(3, 100),) * MONTHS, "target"),
            ),
            "%",
            "percent",
            unfinished=(12,),
        ),
        Plot(
            say("現金", "Cash"),
            say("2025年12月に調達、それまで不足。", "Short until the round of January 2026."),
            places,
            (Line(say("月末残高", "At the end of the month"), tuple(Fraction(each * 10**4) for each in CASH), "bars"),),
            say("円", "JPY"),
            "money",
        ),
        Plot(
            say("空の系列", "Nothing known"),
            say("値が無い。", "No values."),
            places[:3],
            (Line(say("実績", "Actual"), (None, None, None)), Line("0", (Fraction(0), Fraction(0), Fraction(0)))),
            "",
            "decimal",
        ),
    )


def _promises(say: Say) -> tuple[Grid | Para, ...]:
    columns = (say("節目", "Milestone"), say("期日", "Due"), say("結果", "Result"), say("社数", "Companies"))
    rows = (
        (
            Value(say("3か月後", "After 3 months")),
            Value("2025-09-30"),
            Value(say("✓ 達成", "✓ reached"), tone="good"),
            Value("5", Fraction(5), "count"),
        ),
        (
            Value(say("半年後", "After half a year")),
            Value("2025-12-31"),
            Value(say("✗ 34日遅れ", "✗ 34 days late"), tone="bad"),
            Value(say("9 集計途中", "9 incomplete"), Fraction(9), "count", "mark"),
        ),
    )
    note = say("期日の変更は1度、記録88件目。", "The day was moved once, entry 88.")
    return (Grid(say("節目と結果", "Milestones and results"), columns, rows, note),)


def _customers(say: Say) -> tuple[Grid, ...]:
    columns = tuple(
        say(*each)
        for each in (
            ("顧客", "Customer"),
            ("月額", "Monthly"),
            ("比率", "Share"),
            ("前月比", "Change"),
            ("備考", "Note"),
        )
    )
    rows = tuple(
        (
            Value(f"{NAMES}第{n}商事" if n % 3 else f"Example Holdings {n} K.K."),
            Value(f"{n * 1234:,}円", Fraction(n * 1234), "money"),
            Value(f"{n / 10:.1f}%", Fraction(n, 1000), "percent"),
            Value(f"{n - 30:+.1f}pt", Fraction(n - 30, 100), "percent", "bad" if n < 30 else "good"),
            Value(
                say(
                    "長い備考をここに書くと、折り返して表示されます。" if n % 7 == 0 else "",
                    "A longer remark." * (n % 3),
                )
            ),
        )
        for n in range(1, 61)
    )
    return (Grid(say("顧客別の売上", "Revenue by customer"), columns, rows),)


def _cohorts(say: Say, places: tuple[str, ...]) -> Grid:
    columns = (say("開始月", "Cohort"), say("社数", "Size"), *(say(f"{n}か月後", f"+{n}") for n in range(MONTHS)))
    rows = tuple(
        (
            Value(places[row]),
            Value(str(row + 3), Fraction(row + 3), "count"),
            *(
                Value(f"{100 - 6 * n}.0%", Fraction(100 - 6 * n, 100), "percent") if n < MONTHS - row else Value("")
                for n in range(MONTHS)
            ),
        )
        for row in range(MONTHS)
    )
    return Grid(say("継続率", "Retention"), columns, rows, say("空欄はまだ先。", "Blank: not yet due."))


def _definitions(say: Say) -> tuple[Para | Bullets, ...]:
    text = say(
        "有料契約社数:月末時点で有料契約が有効な会社の数。無料期間は数えない。",
        "Paying companies: those with a paid contract at the end of the month; trials are not counted.",
    )
    return (Bullets(tuple(Para(text) for _ in range(24))), Para(say("以上。", "That is all."), "strong"))


def replaced(value: Any, write: Callable[[str], str]) -> Any:  # any of a document's values
    """A value with each text that a user may have written in it as another one."""
    kept = {"lang", "form", "look", "tone", "dated", "number", "appendix", "unfinished", "values"}
    if isinstance(value, str):
        return write(value)
    if isinstance(value, tuple):
        return tuple(replaced(each, write) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: replaced(getattr(value, f.name), write) for f in fields(value) if f.name not in kept}
        return replace(value, **changed)
    return value


MORE = (
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1:A9)",
    '=HYPERLINK("https://example.invalid","click")',
    "tab\tnew\nline\r\nend",
    '#read("/etc/passwd")',
    '#image("/etc/hostname") #sys.inputs #import "@preview/x:0.1.0": *',
    "$x$ #let x = 1 *b* _i_ @ref <label> // no",
    "![x](https://example.invalid/x.png)",
    "[x](javascript:alert(1)) [y]: https://example.invalid",
    "<https://example.invalid> https://example.invalid/x www.example.invalid a@example.invalid",
    "@channel @here #123 GH-12",
    "| a | b |",
    "- item",
    "# head",
    "1. one",
    "> quote",
    "```",
    "***",
    "_x000D_ _x0041_",
    '&P &A &"x,Bold"&K00FF00',
    "\ud800 lone",
    "'quoted' \"twice\" “curly”",
    "~~x~~ ==y== :smile:",
)
STRINGS = (*HOSTILE, *MORE)


SECTIONS = 9  # that each string stands in a text that no form cuts


def hostile(strings: Sequence[str] = STRINGS, sections: int = SECTIONS) -> Document:
    """A document of hostile texts, each string in several texts: the next text has the next string."""
    rest = cycle(strings)
    whole: Document = replaced(
        Document("en", "t", "s", "c", "d", (PARTS,) * sections, "f", ("k",)), lambda _: next(rest)
    )
    return replace(whole, dated=date(2026, 6, 17))


NUMBERS = (Fraction(-3), None, Fraction(10**6, 3))
PARTS = Section(
    "title",
    (
        Para("para"),
        Para("mark", "mark"),
        Bullets((Para("item"), Para("strong", "strong"))),
        Statement("sentence", (("name", "text"),), ("mark",), "badge"),
        Grid(
            "grid",
            ("a", "b"),
            ((Value("text"), Value("number", Fraction(7, 2), "money", "good")), (Value("x"), Value("y"))),
            "note",
        ),
        Plot(
            "plot",
            "says",
            ("p", "q", "r"),
            (Line("bars", NUMBERS, "bars"), Line("line", NUMBERS), Line("target", NUMBERS, "target")),
            "unit",
            "money",
            (2,),
            "note",
        ),
    ),
    ("evidence",),
)


def texts(document: Document) -> list[str]:
    """Every text that stands in a document."""
    found: list[str] = []

    def seen(text: str) -> str:
        found.append(text)
        return text

    replaced(document, seen)
    return found


def bare() -> Document:
    """A document where as much as can be is empty, or as large or small as it can be."""
    extremes = (Fraction(10**18), Fraction(1, 10**9), Fraction(-(10**18)), None, Fraction(0))
    pieces = (
        Para(""),
        Bullets(()),
        Statement("", ()),
        Grid("", ("a", ""), ()),
        Grid("", tuple(f"c{n}" for n in range(40)), (tuple(Value(str(n), Fraction(n), "count") for n in range(40)),)),
        Plot("", "", (), (), ""),
        Plot("", "", ("a",), (), ""),
        Plot("", "", tuple("abcde"), (Line("", extremes, "bars"), Line("", extremes, "bars")), ""),
        Plot("", "", tuple("abcde"), (Line("", extremes),), "%", "percent", (0, 1, 2, 3, 4)),
        Plot("", "", tuple("abcde"), (Line("", extremes, "target"),), "円", "money"),
        Plot("", "", tuple(map(str, range(200))), (Line("x", tuple(map(Fraction, range(200)))),), "x", "decimal"),
    )
    return Document("ja", "", "", "", "", (Section("", ()), Section("", pieces)), "")


@cache
def rendered(name: str, form: Form) -> bytes:
    """The sample in a language, or the hostile document, in a form, once a process."""
    return render(hostile() if name == "hostile" else sample(name), form)
