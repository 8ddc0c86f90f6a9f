"""Countries and regions with known public holidays, frozen so that reading a project needs no calendar of the world.

Source: the holidays package; a test compares.
"""

from __future__ import annotations

_CODES = """
ABW AD AE AF AFG AG AGO AI AIA AL ALA ALB AM AND AO AQ AR ARE ARG ARM AS ASM AT ATA ATF ATG AU AUS AUT AW AX AZ AZE BA
BAH BB BD BDI BE BEL BEN BES BF BFA BG BGD BH BHS BI BIH BJ BL BLG BLM BLR BLZ BM BMU BN BO BOL BQ BR BRA BRB BRN BS
BT BTN BV BVT BW BWA BY BZ CA CAF CAN CC CCK CD CF CG CH CHE CHL CHN CI CIV CK CL CM CMR CN CO COD COG COK COL COM CPV
CR CRI CU CUB CUW CV CW CX CXR CY CYM CYP CZ CZE DE DEU DJ DJI DK DM DMA DNK DO DOM DZ DZA EC ECU EE EG EGY EH ER ERI
ES ESH ESP EST ET ETH FI FIN FJ FJI FK FLK FM FO FR FRA FRO FSM GA GAB GB GBR GD GE GEO GF GG GGY GH GHA GI GIB GIN GL
GLP GM GMB GN GNB GNQ GP GQ GR GRC GRD GRL GS GT GU GUA GUF GUM GUY GW GY HK HKG HM HMD HN HND HR HRV HT HTI HU HUN ID
IDN IE IL IM IMN IN IND IO IOT IQ IR IRL IRN IRQ IS ISL ISR IT ITA JAM JE JEY JM JO JOR JP JPN KAZ KE KEN KG KGZ KH
KHM KI KIR KM KN KNA KOR KP KR KW KWT KY KZ LA LAO LB LBN LBR LBY LC LCA LI LIE LK LKA LR LS LSO LT LTU LU LUX LV LVA
LY MA MAC MAF MC MCO MD MDA MDG MDV ME MEX MF MG MH MHL MK MKD ML MLI MLT MM MMR MN MNE MNG MNP MO MOR MOZ MP MQ MR
MRT MS MSR MT MTQ MU MUS MV MW MWI MX MY MYS MYT MZ NA NAM NC NCL NE NER NF NFK NG NGA NI NIC NIU NL NLD NO NOR NP NPL
NR NRU NU NZ NZL OM OMN PA PAK PAN PCN PE PER PF PG PH PHL PK PL PLW PM PN PNG POL PR PRI PRK PRT PRY PS PSE PT PW PY
PYF QA QAT RE REU RO ROU RS RU RUS RW RWA SA SAU SB SC SD SDN SE SEN SG SGP SGS SH SHN SI SJ SJM SK SL SLB SLE SLV SM
SMR SN SO SOM SPM SR SRB SS SSD ST STP SUR SV SVK SVN SWE SX SXM SY SYC SYR SZ SZW TC TCA TCD TD TF TG TGO TH THA TJ
TJK TK TKL TKM TL TLS TM TN TO TON TR TT TTO TUN TUR TUV TV TW TWN TZ TZA UA UG UGA UK UKR UM UMI URY US USA UY UZ UZB
VA VAT VC VCT VE VEN VG VGB VI VIR VN VNM VTU VU WF WLF WS WSM XK XKK YE YEM YT ZA ZAF ZM ZMB ZW ZWE
"""
COUNTRIES = frozenset(_CODES.split())

# The codes of a country, then its regions with holidays of their own; a space in a name is written `_` here.
_REGIONS = """
AD AND: 02, 03, 04, 05, 06, 07, 08
AM ARM: AG, AR, AV, ER, GR, KT, LO, SH, SU, TV, VD
AR ARG: A, B, C, D, E, F, G, H, J, K, L, M, N, P, Q, R, S, T, U, V, W, X, Y, Z
AT AUT: 1, 2, 3, 4, 5, 6, 7, 8, 9
AU AUS: ACT, NSW, NT, QLD, SA, TAS, VIC, WA, NSW_Western
BA BIH: BIH, BRC, SRP
BE BEL: Flemish, French, German
BO BOL: B, C, H, L, N, O, P, S, T
BES BQ: BON, SAB, STA
BR BRA: AC, AL, AM, AP, BA, CE, DF, ES, GO, MA, MG, MS, MT, PA, PB, PE, PI, PR, RJ, RN, RO, RR, RS, SC, SE, SP, TO,
  São_Paulo_Capital
BT BTN: 11, 12, 13, 14, 15, 21, 22, 23, 24, 31, 32, 33, 34, 41, 42, 43, 44, 45, GA, TY
CA CAN: AB, BC, MB, NB, NL, NS, NT, NU, ON, PE, QC, SK, YT
CH CHE: AG, AI, AR, BE, BL, BS, FR, GE, GL, GR, JU, LU, NE, NW, OW, SG, SH, SO, SZ, TG, TI, UR, VD, VS, ZG, ZH,
  Stadt_Zurich
CHL CL: AI, AN, AP, AR, AT, BI, CO, LI, LL, LR, MA, ML, NB, RM, TA, VS
CPV CV: BR, BV, CA, CF, CR, MA, MO, PA, PN, PR, RB, RG, RS, SD, SF, SL, SM, SO, SS, SV, TA, TS
DE DEU: BB, BE, BW, BY, HB, HE, HH, MV, NI, NW, RP, SH, SL, SN, ST, TH, Augsburg
ES ESP: AN, AR, AS, CB, CE, CL, CM, CN, CT, EX, GA, IB, MC, MD, ML, NC, PV, RI, VC, Barcelona
FI FIN: 01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19
FM FSM: KSA, PNI, TRK, YAP
FR FRA: 57, 6AE, 971, 972, 973, 974, 976, BL, MF, NC, PF, PM, TF, WF, Zone_A, Zone_B, Zone_C
GB GBR UK: ENG, NIR, SCT, WLS
GNQ GQ: AN, BN, BS, CS, DJ, KN, LI, WN
IN IND: AN, AP, AR, AS, BR, CG, CH, DH, DL, GA, GJ, HP, HR, JH, JK, KA, KL, LA, LD, MH, ML, MN, MP, MZ, NL, OD, PB,
  PY, RJ, SK, TN, TR, TS, UK, UP, WB
IT ITA: AG, AL, AN, AO, AP, AQ, AR, AT, AV, BA, BG, BI, BL, BN, BO, BR, BS, BT, BZ, CA, CB, CE, CH, CL, CN, CO, CR,
  CS, CT, CZ, EN, FC, FE, FG, FI, FM, FR, GE, GO, GR, IM, IS, KR, LC, LE, LI, LO, LT, LU, MB, MC, ME, MI, MN, MO, MS,
  MT, NA, NO, NU, OR, PA, PC, PD, PE, PG, PI, PN, PO, PR, PT, PU, PV, PZ, RA, RC, RE, RG, RI, RM, RN, RO, SA, SI, SO,
  SP, SR, SS, SU, SV, TA, TE, TN, TO, TP, TR, TS, TV, UD, VA, VB, VC, VE, VI, VR, VT, VV, Andria, Barletta, Cesena,
  Forli, Pesaro, Trani, Urbino
MAC MO: I, M
MY MYS: 01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11, 12, 13, 14, 15, 16
NI NIC: AN, AS, BO, CA, CI, CO, ES, GR, JI, LE, MD, MN, MS, MT, NS, RI, SJ
NL NLD: Midden, Noord, Zuid
NO NOR: 03, 11, 15, 18, 21, 22, 31, 32, 33, 34, 39, 40, 42, 46, 50, 55, 56
NZ NZL: AUK, BOP, CAN, CIT, GIS, HKB, MBH, MWT, NSN, NTL, OTA, STL, TAS, TKI, WGN, WKO, WTC, South_Canterbury
PL POL: 02, 04, 06, 08, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32
PRT PT: 01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 30
SB SLB: CE, CH, CT, GU, IS, MK, ML, RB, TE, WE
SH SHN: AC, HL, TA
ST STP: 01, 02, 03, 04, 05, 06, P
SLV SV: AH, CA, CH, CU, LI, MO, PA, SA, SM, SO, SS, SV, UN, US
TUV TV: FUN, NIT, NKF, NKL, NMA, NMG, NUI, VAI
US USA: AK, AL, AR, AS, AZ, CA, CO, CT, DC, DE, FL, GA, GU, HI, IA, ID, IL, IN, KS, KY, LA, MA, MD, ME, MI, MN, MO,
  MP, MS, MT, NC, ND, NE, NH, NJ, NM, NV, NY, OH, OK, OR, PA, PR, RI, SC, SD, TN, TX, UM, UT, VA, VI, VT, WA, WI, WV, WY
"""


def regions(country: str) -> tuple[str, ...]:
    """A country's regions as the calendar of the world writes them; none where they have no holidays of their own."""
    for line in _REGIONS.replace("\n  ", " ").splitlines():
        codes, _, found = line.partition(": ")
        if country in codes.split():
            return tuple(name.replace("_", " ") for name in found.split(", "))
    return ()
