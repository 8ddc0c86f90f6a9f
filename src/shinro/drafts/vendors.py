"""Vendors: the exports that are known by their headers, in English and in Japanese.

Sources of the header lists: docs/exports.md. Headers are compared as loads compare them, and without regard to case.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shinro.surveys import Survey


@dataclass(frozen=True, slots=True)
class Export:
    """One vendor's export: what kind of rows, which headers it cannot lack, and what each header is.

    `needs` has one tuple a header that must be there, its spellings in it; `roles` and `dimensions` the spellings of
    each, the preferred first. `zone` is that of its moments; None where it is the account's own.
    """

    vendor: str
    kind: str
    needs: tuple[tuple[str, ...], ...]
    roles: Mapping[str, tuple[str, ...]]
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zone: str | None = None
    unpaid: tuple[str, ...] = ()  # states of a subscription in which nothing is paid
    converted: Mapping[str, str] = field(default_factory=dict)  # roles in the account's one currency

    def fits(self, headers: Iterable[str]) -> bool:
        """Whether a file has all that this export cannot lack."""
        there = {folded(header) for header in headers}
        return all(any(folded(one) in there for one in spellings) for spellings in self.needs)

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that is known of it."""
        return tuple(one for spellings in (*self.roles.values(), *self.dimensions.values()) for one in spellings)


HUBSPOT_DEALS = Export(
    "HubSpot",
    "deals",
    needs=(
        ("Deal Name", "取引名", "dealname"),
        ("Deal Stage", "取引ステージ", "dealstage"),
    ),
    roles={
        "key": ("Record ID", "レコードID", "Deal ID", "取引ID", "hs_object_id"),
        "created": ("Create Date", "作成日", "createdate"),
        "closed": ("Close Date", "クローズ日", "closedate"),
        "stage": ("Deal Stage", "取引ステージ", "dealstage"),
        "amount": ("Amount", "金額", "Amount in company currency", "会社通貨での金額"),
        "entity": ("Associated Company IDs (Primary)", "Associated Company", "関連付けられた会社", "会社名"),
    },
    dimensions={
        "owner": ("Deal owner", "取引担当者", "取引の担当者", "hubspot_owner_id"),
        "pipeline": ("Pipeline", "パイプライン", "取引パイプライン"),
        "deal_type": ("Deal Type", "取引タイプ", "取引の種類"),
        "source": ("Original Traffic Source", "Original Source Type", "オリジナルソース", "元のトラフィックソース"),
    },
)
HUBSPOT_CONTACTS = Export(
    "HubSpot",
    "leads",
    needs=(
        ("Lifecycle Stage", "ライフサイクルステージ", "lifecyclestage"),
        ("Create Date", "作成日", "createdate"),
    ),
    roles={
        "key": ("Record ID", "レコードID", "Contact ID", "コンタクトID", "hs_object_id"),
        "created": ("Create Date", "作成日", "createdate"),
        "stage": ("Lifecycle Stage", "ライフサイクルステージ", "lifecyclestage"),
        "qualified": (
            "Became a Sales Qualified Lead Date",
            "SQL(営業上の有望な見込み客)になった日付",
            "SQLになった日付",
            "SQL(営業対象のリード)に転換した日付",
        ),
        "entity": ("Record ID", "レコードID"),
    },
    dimensions={
        "source": (
            "Original Traffic Source",
            "Original Source",
            "オリジナルソース",
            "元のトラフィックソース",
            "最初のトラフィックソース",
        ),
        "owner": ("Contact owner", "コンタクト担当者", "コンタクトの担当者", "hubspot_owner_id"),
        "lead_status": ("Lead Status", "リードステータス"),
    },
)
SALESFORCE_OPPORTUNITIES = Export(
    "Salesforce",
    "deals",
    needs=(
        ("Opportunity Name", "商談名", "商談 名", "StageName"),
        ("Stage", "フェーズ", "StageName"),
        ("Close Date", "完了予定日", "CloseDate"),
    ),
    roles={
        "key": ("Opportunity ID", "商談 ID", "商談ID", "Id"),
        "created": ("Created Date", "作成日", "CreatedDate"),
        "closed": ("Close Date", "完了予定日", "CloseDate"),
        "stage": ("Stage", "フェーズ", "StageName"),
        "amount": ("Amount", "金額", "Amount (converted)", "金額 (換算値)"),
        "entity": ("Account ID", "取引先 ID", "AccountId", "Account Name", "取引先名", "取引先 名"),
    },
    dimensions={
        "owner": ("Opportunity Owner", "商談 所有者", "商談所有者", "OwnerId"),
        "lead_source": ("Lead Source", "リードソース", "LeadSource"),
        "opportunity_type": ("Type", "種別"),
    },
)
STRIPE_SUBSCRIPTIONS = Export(
    "Stripe",
    "subscriptions",
    needs=(("Customer ID",), ("Status",), ("Current Period Start (UTC)", "Start (UTC)", "Start Date (UTC)")),
    roles={
        "key": ("id",),
        "entity": ("Customer ID",),
        "starts": ("Start Date (UTC)", "Start (UTC)", "Created (UTC)"),
        "ends": ("Ended At (UTC)", "Canceled At (UTC)"),
        "amount": ("Amount",),
        "interval": ("Interval",),
        "interval_count": ("Interval Count", "Plan Interval Count"),
        "trial_ends": ("Trial End (UTC)", "Trial End"),
        "quantity": ("Quantity",),
        "status": ("Status",),
        "currency": ("Currency",),
    },
    dimensions={"plan": ("Plan", "Product", "Price ID"), "status": ("Status",)},
    zone="UTC",
    unpaid=("incomplete", "incomplete_expired", "paused", "trialing", "unpaid"),
)
STRIPE_CHARGES = Export(
    "Stripe",
    "charges",
    needs=(
        ("Created (UTC)", "Created date (UTC)"),
        ("Amount",),
        ("Amount Refunded",),
        ("Captured", "Card ID", "Customer ID"),
    ),
    roles={
        "key": ("id",),
        "created": ("Created (UTC)", "Created date (UTC)"),
        "entity": ("Customer ID", "Customer Email"),
        "amount": ("Amount", "Converted Amount"),
        "refunded": ("Amount Refunded",),
        "status": ("Status",),
        "currency": ("Currency", "Converted Currency"),
    },
    dimensions={"status": ("Status",), "payment_source": ("Payment Source Type", "Card Brand")},
    zone="UTC",
    converted={"amount": "Converted Amount", "refunded": "Converted Amount Refunded", "currency": "Converted Currency"},
)
EXPORTS = (HUBSPOT_CONTACTS, HUBSPOT_DEALS, SALESFORCE_OPPORTUNITIES, STRIPE_CHARGES, STRIPE_SUBSCRIPTIONS)
KNOWN = tuple(dict.fromkeys(header for export in EXPORTS for header in export.headers))


def folded(header: str) -> str:
    """A header as it is compared: NFKC, small letters, without space around it."""
    return unicodedata.normalize("NFKC", header).strip().lower()


def export_of(survey: Survey) -> Export | None:
    """The known export that a file is, if any."""
    return next((export for export in EXPORTS if export.fits(survey.headers)), None)


def header_of(survey: Survey, spellings: Iterable[str]) -> str | None:
    """The file's own header for the first of the spellings that it has."""
    there = {folded(header): header for header in survey.headers}
    return next((there[folded(one)] for one in spellings if folded(one) in there), None)
