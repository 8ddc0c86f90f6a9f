"""Words: what headers and cells are called, in English and Japanese, by which their part in the story is guessed."""

from __future__ import annotations

import re

_I = re.IGNORECASE

# Headers.
MODIFIED = re.compile(r"modif|updat|last|recent|next|更新|最終|前回|次回|最近", _I)
CREATED = re.compile(
    r"creat|open|engag|regist|sign.?up|start|begin|began|occur|receiv|submit|joined|作成|登録|開始|発生|日時|申込|受付|問い?合わ?せ|起票",
    _I,
)
CLOSED = re.compile(r"clos|won|decid|complet|クローズ|完了|成約|受注日|決着|決定", _I)
ENDS = re.compile(r"\bend|_end|end_|ended|cancel|churn|expir|until|terminat|解約|終了|キャンセル|満了|退会", _I)
STAGE = re.compile(r"stage|status|phase|state\b|result|outcome|ステージ|ステータス|フェーズ|状態|状況|段階|結果", _I)
KIND = re.compile(r"kind|type|activity|channel|event|action|種別|種類|活動|区分|イベント", _I)
OUTCOME = re.compile(r"outcome|result|disposition|status|結果|状況|ステータス", _I)
AMOUNT = re.compile(
    r"amount|value|price|revenue|\bmrr\b|\barr\b|total|paid|sales|金額|売上|料金|価格|単価|月額|年額|合計|受注額", _I
)
NO_AMOUNT = re.compile(r"refund|convert|tax|probab|expect|weighted|count|discount|税|手数料|確度|期待|件数|数$", _I)
MONTHLY = re.compile(r"month|\bmrr\b|月額|月次", _I)
ENTITY = re.compile(
    r"customer|company|account|contact|lead|user|member|client|subscriber|顧客|取引先|会社|企業|法人|ユーザー|会員|リード|見込",
    _I,
)
ID = re.compile(r"(?:^|[^a-z])ids?(?:$|[^a-z])|(?<=[a-z])I[Dd]$|番号|コード|^no\.?$|key$|code$", re.ASCII | _I)
FREE = re.compile(
    r"name|mail|phone|tel|url|http|descr|note|memo|comment|address|title|subject|domain|氏名|名前|名$|メール|電話|住所|備考|メモ|説明|内容|件名",
    _I,
)
DIMENSION = re.compile(
    r"channel|source|medium|campaign|region|office|country|area|owner|rep\b|agent|manager|team|plan|product|series|sector"
    r"|industry|segment|category|type|kind|pipeline|size|担当|経路|チャネル|流入|媒体|地域|支店|拠点|プラン|商品|製品|業種"
    r"|業界|区分|種別|カテゴリ|部門|規模|都道府県",
    _I,
)

# What a file is called.
LEADS = re.compile(r"leads?|prospect|inquir|contacts?|signups?|リード|見込|問い?合わ?せ|名刺|コンタクト", _I)
SUBSCRIPTIONS = re.compile(r"subscri|contract|membership|契約|サブスク|会員", _I)
CHARGES = re.compile(r"charge|payment|invoice|order|transaction|sales|決済|支払|請求|入金|注文|売上", _I)
EVENTS = re.compile(r"event|log|session|action|usage|activit|visit|pageview|イベント|ログ|行動|利用", _I)
WORK = re.compile(
    r"架電|コール|発信|電話|テレアポ|飛び込み|アプローチ|活動|(?<!サイト)(?<!来店)訪問|日報|送信|配信|送付|タスク"
    r"|(?:^|[^a-z])(?:calls?|dials?|outreach|activit(?:y|ies)|e-?mails?|tasks?|touches)(?:$|[^a-z])",
    _I,
)

# Cells.
WON = re.compile(r"(?:^|[^a-z])won(?:$|[^a-z])|受注|成約|(?<!不)成立|契約済|契約締結|^契約$", _I)
LOST = re.compile(
    r"(?:^|[^a-z])(?:lost|lose|reject|declin|disqualif|dead|dropped|abandon)|失注|敗|見送|不成立|辞退|中止|断り|他決",
    _I,
)
CALL = re.compile(r"call|phone|dial|コール|架電|電話|テレアポ", _I)
MEETING = re.compile(r"meeting|demo|visit|appointment|商談|面談|訪問|打ち?合わ?せ|アポ|ミーティング", _I)
REACHED = re.compile(r"reach|connect|answer|talk|repl|respond|meeting|通話|つなが|繋が|接続|返信|応答|会話|アポ", _I)
NOT_REACHED = re.compile(r"not|\bno\b|none|un|left|不在|未|なし|無し|留守|拒否", _I)
HELD = re.compile(r"held|complet|done|attend|success|実施|完了|済|成立|参加", _I)
PAID = re.compile(r"^(?:paid|succeed|success|complete)|支払済|支払い済|成功|入金済|決済完了", _I)
BACK = re.compile(r"refund|charged?.?back|返金|返品|払い?戻", _I)
QUALIFIED = re.compile(
    r"sales.?qualified|^sql$|opportunit|customer|evangelist|商談|有望|顧客|案件|エバンジェリスト|アポ", _I
)
NOT_QUALIFIED = re.compile(r"^not|disqual|unqual|marketing|マーケ|対象外|除外|非", _I)
QUALIFIED_ON = re.compile(r"(?=.*(?:SQL|Sales Qualified))(?=.*(?:日付|Date))", _I)
UNPAID = re.compile(
    r"incomplete|draft|trial|paus|on.?hold|unpaid|suspend|pending|未完了|下書|トライアル|試用|お試し|停止|休止|未払|保留",
    _I,
)
MONTH = re.compile(r"^month|^月|^1 ?month|^毎月", _I)
