"""Tall words: what a narrowed sentence says that makes a number look like more than it is, in both languages."""

from __future__ import annotations

from shinro.checks.numerals import Words

CUMULATIVE = Words(
    r"累計|累積|通算|延べ(?!床)|のべ ?\d|総(?:会員|登録|ユーザー|利用者|ダウンロード)"
    r"|\bcumulative|\ball[- ]time\b(?! (?:high|low|best|record))|\brunning total\b|\blifetime (?:total|sign)"
)
SINCE = Words(  # a flow told since then is a total; a stock is not
    r"(?:開始|リリース|提供|創業|設立|ローンチ|公開)(?:以来|以降|から(?:の|これまで))|これまでに(?!ない)"
    r"|(?<!year )(?<!quarter )(?<!month )(?<!year-)(?<!month-)(?<!quarter-)\bto date\b"
    r"|\bsince (?:launch|inception|founding|day one|the (?:beginning|start|launch)|we (?:launched|started|began))"
)
NOT_CUMULATIVE = Words(
    r"(?:累計|累積|通算|延べ)(?:値|数)?(?:ではな|でな|じゃな|でなく|を除)"
    r"|(?:\bnot? (?:an? |the )?|\bnon-|\brather than (?:an? )?)(?:cumulative|running total|all[- ]time)"
)
_KEPT = r"retained|remaining|continuing|surviving|loyal"
_WHO = r"(?:customers|users|companies|accounts|members|clients|subscribers|cohorts)"
_WHO_JA = r"(?:顧客|お客様|お客さま|会員|ユーザー|利用者|企業|契約|社|分|層)"
KEPT_ONLY = Words(
    rf"(?:継続|残存|定着)(?:した|している|中の|いただいた|いただいている)?{_WHO_JA}(?:のみ|だけ|に限(?:れば"
    rf"|ると|って|り|る)?|に絞|では"
    rf"|のうち|ベース)"
    rf"|(?:解約|離脱|退会|休眠)(?:した|済み)?の?{_WHO_JA}?(?:は|を)?(?:除(?:くと|けば|いた|いて|外|く|き)?"
    rf"|含めず|含まず|含めない|抜き|対象外)"
    rf"|残(?:った|っている){_WHO_JA}(?:のみ|だけ|に限(?:れば|ると|って|り|る)?|に絞|では)"
    rf"|\b(?:excluding|without|ignoring|leaving out|not counting|net of) (?:the |our |any )?(?:churned|lost"
    rf"|cancell?ed|inactive|departed)"
    rf"|\b(?:among|of|for|in|across|from) (?:our |the |all |all our )?(?:{_KEPT})(?: paying)? {_WHO}"
    rf"|\b{_WHO}(?: who| that)? (?:have |had )?(?:stay(?:ed)?|remain(?:ed)?|stuck (?:around|with)|did(?: not"
    rf"|n't) (?:churn|cancel|leave))"
    rf"|\b(?:continuing|retained) {_WHO} only|\bchurned {_WHO} (?:excluded|aside|removed)|\bex[- ]churn"
)
REVENUE = Words(
    r"売上|売り上げ|収益(?!性|率)|営業収入|\brevenues?\b|\bturnover\b|\bsales\b(?![ -](?:bookings|orders|team"
    r"|cycle|reps?"
    r"|calls?|people|pipeline|meetings?))"
)
NOT_REVENUE = Words(
    r"受注|契約(?:総額|金額|額|高|ベース)|流通|取扱高|取引総額|内示|意向表明|\bgmv\b|\btcv\b|\bacv\b"
    r"|\bbookings?\b|\bbooked\b|\bloi?s?\b"
    r"|\bletters? of intent\b|\bmous?\b|\bcontract(?:ed)? value\b|\bgross merchandise|\bpipeline\b|パイプライン"
    r"|見込み?(?:額|案件|受注)"
)
PROMISED = Words(
    r"内示|意向表明|基本合意|\blois?\b|\bletters? of intent\b|\bmous?\b|\bpipeline\b|パイプライン|見込み?(?:額"
    r"|案件|受注)"
    r"|(?:受注|契約|予約)(?:ベース|残|見込)|\bsigned contracts\b|\bincluding (?:\w+ )?(?:bookings|gmv|contracts)"
)
DENIED = Words(
    r"(?:売上|収益)(?:高)?(?:では|じゃ)(?:ありません|ない|なく)|\bnot (?:yet |our |the )?(?:revenues?|sales)\b"
    r"|\bunlike revenue"
)
RUN_RATE = Words(
    r"ランレート|年換算|年率換算|\brun[- ]?rate|\bannuali[sz]ed|\bmrr\)? ?(?:×|x|\*|times) ?12\b"
    r"|\bmrr[^。、,;]{0,4}12倍(?:し|の|換算)?|\b12 ?(?:×|x|\*) ?mrr"
)
ARR = Words(r"\barr\b|年間?経常(?:収益|売上)|\bannual(?:ly)? recurring revenue")
NRR = Words(
    r"\bnrr\b|\bndr\b|\bnet (?:revenue |dollar )?(?:retention|expansion)|売上継続率|ネット(?:リテンション|レベニュー)"
)
GRR = Words(r"\bgrr\b|\bgdr\b|\bgross\b|グロス")
INDEX = Words(r"指数|インデックス|\bindex(?:ed)?\b|基準.{0,6}100|を100と|\b(?:re)?based to 100|= ?100\b")
RESTATED = Words(r"訂正|修正|改訂|再集計|見直し後|\brestat|\brevis(?:ed|ion)|\bcorrect(?:ed|ion)|\bamended")
NOT_FINAL = Words(
    r"速報|途中|暫定|見込|未確定|締め前|\bso far\b|\b(?:month|quarter|year)[- ]to[- ]date\b|\bpreliminary"
    r"|\bprovisional|\bincomplete|\bpartial"
)
SUPERLATIVE = Words(
    r"業界(?:内|で|トップ|最大|最速|最高|随一|初)(?!の課題)|(?:業界|日本|国内|世界|アジア|全国|地域)(?:最大"
    r"|最速|最高|随一|一|初|トップ|1位|ナンバー|no\.? ?1)"
    r"|\bno\.? ?1(?!\d)|ナンバー ?(?:1|ワン)|シェア.{0,4}(?:1位|一位|トップ)|トップシェア|圧倒的|他社を圧倒"
    r"|類を見ない|唯一無二|最も(?:速|早|成長|選ば|伸び)(?![しだた]*(?:月|四半期))"
    r"|\bfastest[- ]growing|\b(?:market|industry|category|world|class)[- ](?:leading|leader)|(?:'s|\bthe|\ba"
    r"|\bour) leading\b"
    r"|\bnumber 1\b|#1\b|\bbest[- ]in[- ]class|\bworld'?s (?:first|best|largest|biggest|only|leading)"
    r"|\b(?:unmatched|unrivall?ed|unparalleled|second to none)\b"
    r"|\bthe (?:largest|biggest|best|fastest)\b(?! (?:customers?|deals?|accounts?|contracts?|months?|quarters?"
    r"|weeks?|years?)\b)"
    r"(?! (?:increase|gains?|drops?|falls?|loss|losses|churn|part|share|segments?|risks?|of our|we)\b)"
    r"|\bthe only (?:platform|company|product|service|vendor|provider|tool|solution|player|startup|one)\b"
)
HIGHEST = Words(
    r"過去最高|史上最高|最高(?:値|記録)|\brecord (?:high|month|quarter)|\bbest (?:month|quarter) (?:ever|yet)"
    r"|\ball[- ]time high"
)
UP = Words(
    r"増|伸び|伸長|成長|拡大|上昇|上が|\b(?:grew|grown|grow(?:s|ing)?|rose|risen|increas\w*|climb\w*|jump\w*"
    r"|gain\w*|surg\w*)\b|\bup\b"
)
DOWN = Words(
    r"減|下が|下落|低下|落ち|削減|短縮|\b(?:fell|fallen|drop\w*|declin\w*|decreas\w*|reduc\w*|shr[aiu]nk\w*"
    r"|cut)\b|\bdown\b"
)
BETTER = Words(r"改善|良化|好転|\bimprov\w*|\bbetter\b")
BACKWARDS = Words(
    r"\bfrom\b|\bvs\b|\bversus\b|\bagainst\b|\bcompared\b|\b(?:was|were|had been|used to)\b|[(:;=]|前|昨|当初"
    r"|だった|でした|に対し|比|\bup\b|\bdown\b|\bago\b|←|<-|\blast\b|。|\bin\b"
)
A_MONTH = Words(
    r"平均|毎月|月次|月平均|月あたり|\baverage|\b(?:a|per|each|every) month|\bmonthly|\bmonth[- ](?:on"
    r"|over)[- ]month|\bmom\b|\bcmgr\b"
)
SUMMED = Words(r"合計|合わせて|計\d|計 |総計|\bin (?:all|total)|\baltogether|\bcombined|\ba total of")
A_YEAR_AGO = Words(
    r"前年|昨年|\byear[- ](?:on|over)[- ]year|\byoy\b|\ba year (?:ago|earlier)|1年前|1 year (?:ago|earlier)"
)
A_ROW = Words(r"連続|続けて|\bin a row|\bconsecutive|\bstraight|\brunning\b|\bsuccessive")
AIMED = Words(r"目標|計画|マイルストーン|\bmilestone|\btarget|\bgoal|\bplan\b|\bpromised")
EARLY = Words(r"^ ?(?:前倒し|早く|早い|遅れ|遅く|late|early|ahead|before|sooner|behind)|^ ?(?:の)?前倒し")
OF_MONTH = Words(r"(?:末|時点)?(?:の|は|に|で|には|では)?(?:約|ほぼ)?$|(?:'s|:| was| saw| had) (?:about |around )?$")
IN_MONTH = Words(r" (?:in|at the end of|by the end of) $")
