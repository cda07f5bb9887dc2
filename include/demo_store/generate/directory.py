"""Countries and their regions, as a shop's directory lists them: those this shop sells to, and a few around them.

Great Britain and Poland have no regions here: people type theirs, so addresses carry a name without an id.
"""

from __future__ import annotations

from dataclasses import dataclass

COUNTRIES = tuple(
    (line[:2], line[3:6], line[7:])
    for line in """\
AT AUT Austria
BE BEL Belgium
CA CAN Canada
CH CHE Switzerland
CI CIV Côte d’Ivoire
CZ CZE Czech Republic
DE DEU Germany
DK DNK Denmark
ES ESP Spain
FR FRA France
GB GBR United Kingdom
IE IRL Ireland
IT ITA Italy
LI LIE Liechtenstein
LU LUX Luxembourg
NL NLD Netherlands
NO NOR Norway
PL POL Poland
SE SWE Sweden
US USA United States""".splitlines()
)
"""ISO codes of two and three letters, and the name."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region that addresses name by id."""

    region_id: int
    country: str
    code: str
    name: str


_US = """\
AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|AE Armed Forces Europe|AP Armed Forces Pacific|CO Colorado|CT Connecticut|
DE Delaware|DC District of Columbia|GU Guam|CA California|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|
FL Florida|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|
MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|
NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PW Palau|PR Puerto Rico|NY New York|RI Rhode Island|
SC South Carolina|SD South Dakota|TN Tennessee|UT Utah|VT Vermont|VI Virgin Islands|PA Pennsylvania|VA Virginia|
WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|TX Texas"""
_DE = """\
NDS Niedersachsen|BAW Baden-Württemberg|BAY Bayern|BER Berlin|BRG Brandenburg|BRE Bremen|HAM Hamburg|HES Hessen|
MEC Mecklenburg-Vorpommern|NRW Nordrhein-Westfalen|RHE Rheinland-Pfalz|SAR Saarland|SAS Sachsen|SAC Sachsen-Anhalt|
SCN Schleswig-Holstein|THE Thüringen"""
_AT = """\
WI Wien|NO Niederösterreich|OO Oberösterreich|SB Salzburg|KN Kärnten|ST Steiermark|TI Tirol|BL Burgenland|
VB Vorarlberg"""
_CH = """\
AG Aargau|AI Appenzell Innerrhoden|AR Appenzell Ausserrhoden|BE Bern|BL Basel-Landschaft|BS Basel-Stadt|FR Fribourg|
GL Glarus|GR Graubünden|GE Genève|JU Jura|LU Luzern|NE Neuchâtel|NW Nidwalden|OW Obwalden|SG St. Gallen|
SH Schaffhausen|SO Solothurn|SZ Schwyz|TG Thurgau|TI Ticino|UR Uri|VD Vaud|VS Valais|ZG Zug"""
_FRENCH = ((182, "1", "Ain"), (195, "21", "Côte-d'Or"), (206, "33", "Gironde"), (241, "59", "Nord"),
           (247, "67", "Bas-Rhin"), (251, "69", "Rhône"), (257, "75", "Paris"), (265, "83", "Var"))  # fmt: skip


def _numbered(first: int, country: str, text: str) -> list[Region]:
    entries = text.replace("\n", "").split("|")
    return [
        Region(first + place, country, code, name)
        for place, (code, name) in enumerate(entry.split(" ", 1) for entry in entries)
    ]


REGIONS = (
    *_numbered(1, "US", _US), *_numbered(79, "DE", _DE), *_numbered(95, "AT", _AT), *_numbered(104, "CH", _CH),
    Region(130, "CH", "ZH", "Zürich"), *(Region(number, "FR", code, name) for number, code, name in _FRENCH),
)  # fmt: skip
"""By id; the numbers leave gaps, as after regions were deleted."""
