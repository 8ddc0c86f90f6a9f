"""Labels: what drafted metrics, departments and stars are called, in English and in Japanese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shinro.definitions.writing import Plain

METRICS = {
    "leads": ("Leads", "リード数"),
    "qualified_leads": ("Qualified leads", "商談化リード数"),
    "qualification_rate": ("Leads qualified", "商談化率"),
    "calls": ("Calls", "コール数"),
    "replies": ("Replies", "返信数"),
    "calls_per_lead": ("Calls per lead", "リードあたりコール数"),
    "reply_rate": ("Reply rate", "返信率"),
    "appointment_rate": ("Appointment rate", "アポ獲得率"),
    "new_deals": ("Deals opened", "新規商談数"),
    "won": ("Won deals", "受注数"),
    "closed": ("Closed deals", "決着した商談"),
    "win_rate": ("Win rate", "受注率"),
    "won_amount": ("Won amount", "受注額"),
    "deal_size": ("Won amount per deal", "受注単価"),
    "open_deals": ("Open deals", "進行中の商談"),
    "active_subscriptions": ("Active subscriptions", "有効な契約数"),
    "revenue": ("Recurring revenue", "継続収益"),
    "new_subscriptions": ("New subscriptions", "新規契約数"),
    "ended_subscriptions": ("Ended subscriptions", "解約数"),
    "churn_rate": ("Churn rate", "解約率"),
    "new_mrr": ("New monthly amount", "新規月額"),
    "lost_mrr": ("Lost monthly amount", "解約月額"),
    "net_new_mrr": ("Net new monthly amount", "純増月額"),
    "mrr": ("Monthly amount in force", "月額合計"),
    "arpa": ("Monthly amount per subscription", "契約あたり月額"),
    "payers": ("Paying customers", "支払い顧客数"),
    "new_payers": ("Customers who began to pay", "支払い開始顧客数"),
    "lost_payers": ("Customers who left", "解約顧客数"),
    "mrr_per_payer": ("Monthly amount per customer", "顧客あたり月額"),
    "attempts": ("Payments tried", "決済試行数"),
    "payments": ("Payments made", "決済成功数"),
    "success_rate": ("Payments that succeed", "決済成功率"),
    "paying_customers": ("Paying customers", "支払い顧客数"),
    "payments_per_customer": ("Payments per customer", "顧客あたり決済数"),
    "charged_amount": ("Charged amount", "請求額"),
    "refunded_amount": ("Refunded amount", "返金額"),
    "paid_amount": ("Paid amount", "決済額"),
    "amount_per_payment": ("Amount per payment", "決済あたり金額"),
    "amount_per_customer": ("Amount per customer", "顧客あたり決済額"),
    "active_users": ("Active users", "アクティブユーザー数"),
    "actions": ("Actions", "行動数"),
    "actions_per_user": ("Actions per user", "ユーザーあたり行動数"),
}
DEPARTMENTS = {
    "marketing": ("Marketing", "マーケティング"),
    "inside_sales": ("Inside sales", "インサイドセールス"),
    "sales": ("Sales", "営業"),
    "customer_success": ("Customer success", "カスタマーサクセス"),
    "product": ("Product", "プロダクト"),
    "operations": ("Operations", "オペレーション"),
}
MEANINGS = {
    "qualified_leads": ("Leads that went on to a real conversation about buying", "商談に進んだ有効リードの数"),
    "won": ("Companies that decided for us", "当社を選んで契約に至った商談の数"),
    "active_subscriptions": ("Subscriptions that pay and are kept", "料金を払って使い続けている契約の数"),
    "paying_customers": ("Customers who paid for what they got", "価値に対して支払いをした顧客の数"),
    "payers": ("Customers who go on paying for what they get", "価値に対して支払いを続けている顧客の数"),
    "payments": ("Payments that people chose to make", "顧客が選んで行った支払いの数"),
    "active_users": ("Users who did the core action", "中核となる行動をしたユーザーの数"),
}


def pair(texts: Sequence[str], languages: Sequence[str]) -> Mapping[str, str]:
    """English and Japanese by language, in the order of the project's languages."""
    by_language = dict(zip(("en", "ja"), texts, strict=True))
    return {language: by_language[language] for language in languages}


def metric_label(name: str, languages: Sequence[str]) -> Plain:
    """A drafted metric's label; the name itself for one that has none."""
    return pair(METRICS.get(name, (name, name)), languages)
