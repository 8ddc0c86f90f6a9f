"""Who works there and who buys: made-up names, in Japanese as a CRM in Japan holds them."""

from __future__ import annotations

import random

TEAMS = {
    "佐藤 美咲": "east", "田中 健": "east", "鈴木 陽菜": "east", "髙橋 翔": "east", "渡邉 結衣": "east",
    "伊藤 大輝": "west", "山本 葵": "west", "中村 蓮": "west", "小林 さくら": "west", "吉田 悠斗": "west",
}  # fmt: skip
REPS = tuple(TEAMS)
CHANNELS = ("web", "exhibition", "referral", "partner")
CHANNEL_SHARES = (46, 24, 12, 18)
PLANS = {"starter": 9_800, "standard": 29_800, "business": 79_800}
PLAN_SHARES = (45, 40, 15)
FORMS = ("株式会社{}", "{}株式会社", "有限会社{}", "合同会社{}")
HEADS = (
    "青葉",
    "みなと",
    "朝日",
    "若松",
    "花園",
    "白樺",
    "大空",
    "北斗",
    "清流",
    "東雲",
    "桜井",
    "泉",
    "緑川",
    "銀河",
    "曙",
)
TAILS = (
    "商事",
    "物流",
    "建設",
    "精機",
    "食品",
    "システム",
    "印刷",
    "電機",
    "化成",
    "不動産",
    "製作所",
    "メディカル",
    "デザイン",
)


def company_name(chance: random.Random) -> str:
    """A company's name; names repeat, as they do."""
    return chance.choice(FORMS).format(chance.choice(HEADS) + chance.choice(TAILS))
