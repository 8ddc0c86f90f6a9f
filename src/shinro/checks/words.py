"""Words by which a metric's name or label gives away what it is, in Japanese and in English.

Japanese puts its head noun last, so its patterns end the label; English may put a participle after it (`emails sent`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from shinro.definitions.project import Project

Judge = Callable[[str], bool]

_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GAPS = re.compile(r"[\s_\-・]+")
_COUNTED = r"(?:の)?(?:件数|回数|本数|通数|総数|合計|実績|時間|数|量)*"
_TAIL = r"(?: (?:made|placed|sent|out|done|logged|attempted|attempts|count|counts|volume|total|number|completed))*"

WORKLOAD_JA = re.compile(
    r"(?:(?:コール|架電|発信|電話|テレアポ|飛び込み|アプローチ|営業活動|行動|タスク消化|タスク)"
    r"|(?:メール|メルマガ|DM|手紙|フォーム|メッセージ|資料)(?:の)?(?:送信|送付|配信|発送)"
    r"|(?:送信|送付|配信|発送)(?:した)?(?:メール|DM|手紙|メッセージ)|^メール"
    r"|(?<!サイト)(?<!ページ)(?<!ウェブ)(?<!web)(?<!再)(?<!来店)訪問)" + _COUNTED + r"$",
    re.IGNORECASE,
)
WORKLOAD_EN = re.compile(
    r"(?:(?<!from )(?<!by )(?<!via )(?<!per )(?<!after )\b(?:calls|dials|outreach|touches|touchpoints|activities)"
    r"|\bcall(?= (?:count|volume|attempts|number))|\b(?:emails|mails|e mails)$"
    r"|\b(?:emails?|mails?|e mails?|messages|dms|letters|newsletters)(?= (?:sent|out|count|volume))"
    r"|\bsent (?:emails|mails|messages|dms|letters)"
    r"|(?<!site )(?<!web )(?<!website )(?<!page )(?<!store )(?<!repeat )(?<!from )(?<!by )\bvisits)" + _TAIL + r"$",
)
REVENUE_JA = re.compile(r"(?:売上(?:高|額|金額)?|売り上げ|受注(?:高|額|金額)|契約(?:高|額|金額)|収益|入金額|売上総額)$")
REVENUE_EN = re.compile(r"\b(?:revenues?|sales(?: value| amount)?|turnover|bookings|billings|takings|income)$")
CUMULATIVE_JA = re.compile(r"累計|累積|通算|これまでの|延べ(?!床)")
CUMULATIVE_EN = re.compile(r"\b(?:cumulative|all time|to date|ever|lifetime total|running total)\b")
GROUP_JA = re.compile(
    r"^(?:全員|みんな|皆|各自|全社|.*チーム|.*部門|.*事業部|.*本部|営業部|マーケティング部|.*グループ)$"
)
GROUP_EN = re.compile(r"^(?:everyone|everybody|all|us|tbd|nobody|the team|.*\b(?:team|department|dept|group))$")
SPEND = re.compile(
    r"(?:費用?|コスト|支出|出費)(?:額|合計)?$|\b(?:spend|spending|costs?|ad budget)$",
)
_SEVERAL = re.compile(r"[、,，;；&＆/／+＋]| [Aa][Nn][Dd] |(?<=[一-龠ァ-ヴ])と(?=[一-龠ァ-ヴ])")


def called(project: Project, metric: str) -> Iterator[str]:
    """All that a metric is called, in plain words: its name (or part) and its labels. Cost: linear in its labels."""
    yield plain(metric.partition(".")[2] or metric)
    found = project.metric(metric)
    if found and found.label and "." not in metric:
        yield from (plain(label) for label in found.label.texts.values())


def plain(words: str) -> str:
    """Small letters, one space between words, nothing in brackets: `emailsSent (weekly)` is `emails sent`."""
    return _GAPS.sub(" ", _CAMEL.sub(" ", _BRACKETS.sub("", words))).strip().lower()


def is_workload(words: str) -> bool:
    """Whether plain words name work done: コール数, メール送信数, `emails sent`; never its result (コールバック数)."""
    return bool(WORKLOAD_JA.search(words) or WORKLOAD_EN.search(words))


def is_revenue(words: str) -> bool:
    """Whether plain words name money earned in a period: 売上, 受注金額, `revenue`."""
    return bool(REVENUE_JA.search(words) or REVENUE_EN.search(words))


def is_cumulative(words: str) -> bool:
    """Whether plain words name a total since the beginning: 累計会員数, `all-time signups`."""
    return bool(CUMULATIVE_JA.search(words) or CUMULATIVE_EN.search(words))


def is_group(owner: str) -> bool:
    """Whether an owner is no single person: 全員, 営業チーム, `everyone`."""
    return bool(GROUP_JA.search(owner.strip()) or GROUP_EN.search(plain(owner)))


def persons(owner: str) -> tuple[str, ...]:
    """The persons that one text names: `田中、佐藤` are two."""
    return tuple(name.strip() for name in _SEVERAL.split(owner) if name.strip())


def is_spend(words: str) -> bool:
    """Whether plain words name money that is spent: 広告費, `ad spend`."""
    return bool(SPEND.search(words))
