"""Delivery addresses taken apart into 小区, 幢, 单元 and 室, for the door-level test (`FIL-08`) and
the suspicion of one household (`FIL-32`).

A suspicion only: the same home is typed in many ways, and what cannot be recognised stays as text.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from core.address_regions import cut_region

LONGEST_INPUT = 300
LONGEST_KEY = 120

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣﹘⁃~～/／\\＼、,，;；"), "-")
_DROPPED = dict.fromkeys(map(ord, "()（）[]【】<>《》“”\"'‘’。·•・.．:："), None)
_INVISIBLE = dict.fromkeys([0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])
_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()}
_FOLD = _WIDE | _DASHES | _DROPPED | _INVISIBLE | {ord("＃"): "#", ord("﹟"): "#"}

_HAN_DIGITS = {han: n for n, hans in enumerate("〇一二三四五六七八九") for han in hans}
_HAN_DIGITS |= {"零": 0, "两": 2, "○": 0}
_HAN_UNITS = {"十": 10, "百": 100}
_HAN_NUMBER = "".join([*_HAN_DIGITS, *_HAN_UNITS])
# Chinese numerals are numbers only before these; 三里屯, 九龙仓 and 千岛湖 are names.
_COUNTED = re.compile(
    rf"(?<![{_HAN_NUMBER}])([{_HAN_NUMBER}]{{1,6}})"
    r"(?=幢|栋|座(?!谈)|号|单元|室|房间|房(?![产屋])|层|楼|期|弄|[东南西北]?区|-|#)"
)
_COUNTED_LAST = re.compile(rf"(?<=[元幢栋座楼-])([{_HAN_NUMBER}]{{1,6}})(?![一-鿿])")

_N = r"(?<![0-9A-Z])(?:[A-Z]{0,2}[0-9]{1,4}[A-Z]?|[A-Z]|[甲乙丙丁戊])"
_BUILDING = rf"(?P<building>{_N})(?:号楼栋|楼栋|号楼|幢楼|栋楼|座楼|#楼|幢|栋|座|#|号别墅|号墅)"
_ANY_BUILDING = rf"(?:{_BUILDING}|(?P<side>[东南西北主])(?:座|幢|栋))"
_UNIT = r"(?P<unit>[A-Z]?[0-9]{1,2}[A-Z]?|[A-Z甲乙丙丁东南西北中])(?:号?单元|号?门洞|门(?!口)|梯)"
_FLOOR = r"(?:-?[0-9]{1,2}(?:层|楼|F(?![0-9])))?"
_DOOR = r"(?P<room>[A-Z]?[0-9]{1,4}[A-Z]?)(?![0-9A-Z])(?:号房|房间|室|房|户|号(?!楼|院|门))?"
_ROOM_WORD = r"(?P<room>[A-Z]?[0-9]{1,4}[A-Z]?)(?:号房|房间|室|房(?![产屋]))"
_END = r"(?![0-9A-Z])"

# In order: the first that fits decides. Each leaves the community before it and the rest behind it.
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        # 7幢3单元502, 3号楼2单元12层1201室, 5栋1单元
        rf"{_ANY_BUILDING}-?{_UNIT}{_FLOOR}-?(?:{_DOOR})?",
        # 10号楼2-1001, 7幢3-502
        rf"{_BUILDING}-?(?P<unit>[A-Z]?[0-9]{{1,2}})-(?P<room>[A-Z]?[0-9]{{3,4}}[A-Z]?){_END}室?",
        # 2幢101室, A座12楼1201, 12幢
        rf"{_ANY_BUILDING}{_FLOOR}-?(?:{_DOOR})?",
        # 7-3-502
        rf"(?P<building>{_N})-(?P<unit>[A-Z]?[0-9]{{1,2}})-{_DOOR}",
        # 7号3单元502
        rf"(?P<building>{_N})(?:号|-)?-?{_UNIT}{_FLOOR}-?(?:{_DOOR})?",
        # 5号1201室, 弄5号1201
        rf"(?P<building>{_N})号{_FLOOR}-?(?P<room>[A-Z]?[0-9]{{3,4}}[A-Z]?){_END}(?:号房|室|房|户)?",
        # 7-502, A-1201
        rf"(?P<building>{_N})-(?P<room>[A-Z]?[0-9]{{3,4}}[A-Z]?){_END}(?:室|房|户|号)?",
        # a row house 12-3 or 12号: the building alone
        rf"(?P<building>{_N}-[0-9]{{1,2}}){_END}(?:号|室)?",
        rf"(?P<building>{_N})号(?!院|楼|线|门|大院|公馆|公寓|花园|[0-9])",
        # 3单元502, 502室
        rf"{_UNIT}{_FLOOR}-?(?:{_DOOR})?",
        _ROOM_WORD,
    )
)

_ROAD = (
    r"(?:[一-鿿A-Z0-9]{1,12}?(?:路|大街|街|大道|公路|巷|胡同|道)"
    r"(?:[东南西北中]段)?(?:[东南西北])?)"
)
_ROAD_WITH_NUMBER = re.compile(
    rf"^(?P<road>{_ROAD})-?(?P<number>[0-9]{{1,5}}(?:-[0-9]{{1,3}})?)(?P<kind>号院|号大院|弄|号)"
    r"(?!楼|单元|线)-?"
)
_BARE_ROAD = re.compile(rf"^{_ROAD}(?=[一-鿿]{{2,}})")
_CROSSING = re.compile(
    r"^[一-鿿0-9]{2,10}?(?:路|街|大道)(?:与|和|-)[一-鿿0-9]{2,10}?(?:路|街|大道)"
    r"(?:交叉口|交汇处|交叉路口|路?口)?(?:[东南西北]{1,2}[侧角面])?-?"
)
_PLAIN_WORDS = re.compile(
    r"^(?:小区|花园|公寓|新村|家园|嘉园|苑|名苑|公馆|别墅|社区|大厦|小学|中学|学校|[0-9]期|"
    r"[东南西北][区苑园]?|[0-9A-Z]区?)+[东南西北0-9A-Z区期]*$"
)
_COMMUNITY_TAIL = re.compile(r"(?<=..)(?:住宅小区|小区|社区)$")


@dataclass(frozen=True)
class Address:
    """What was recognised; every part is folded text and empty where nothing was found."""

    community: str = ""  # 小区, or the road with its number where there is no other name
    building: str = ""  # 幢
    unit: str = ""  # 单元
    room: str = ""  # 室
    rest: str = ""  # region, road and number, floor, remarks
    region: str = ""  # province, city, district and street, where written
    folded: str = ""  # the whole text, folded

    @cached_property
    def key(self) -> str:
        """The normal form for comparison, empty for an empty address.

        Region and road are no part of it: half of the people leave them out. Without a building
        the key is the folded text, which says little: ask `is_comparable` before suspecting.
        """
        if not self.community or not (self.building or self.room):
            return self.folded
        community = _COMMUNITY_TAIL.sub("", self.community)
        return "|".join([community, self.building, self.unit, self.room])

    @property
    def is_door_level(self) -> bool:
        """Community, building and room: enough to file (`FIL-08`)."""
        return bool(self.community and self.building and self.room)

    @property
    def is_bare_house(self) -> bool:
        """Community and building alone, a villa perhaps: may be filed with a flag (`FIL-08`)."""
        return bool(self.community and self.building and not self.room and not self.unit)

    @property
    def is_comparable(self) -> bool:
        """Whether an equal key makes a suspicion (`FIL-32`)."""
        return self.is_door_level or self.is_bare_house

    def may_be(self, other: "Address") -> bool:
        """Whether both may be one home: equal keys, and no two different cities or districts."""
        return (
            self.is_comparable
            and self.key == other.key
            and not _contradict(self.region, other.region)
        )


def parse(text: str | None) -> Address:
    """Take an address apart; never raises, whatever the text."""
    folded = _folded(text or "")
    if not folded:
        return Address()
    region, remainder = cut_region(folded)
    crossing, remainder = _cut(_CROSSING, remainder)
    road, remainder = _cut_road(remainder)
    head, parts, tail = _door(remainder)
    community, building = head.strip("-"), parts.get("building") or ""
    if not community:
        community, building, road = _named_by_road(road, parts, building)
    return Address(
        community=community,
        building=_plain_number(building),
        unit=_plain_number(parts.get("unit") or ""),
        room=_plain_number(parts.get("room") or ""),
        rest=" ".join(filter(None, [region, crossing, road, tail.strip("-")])),
        region=region,
        folded=folded,
    )


def key_of_address(text: str | None) -> str:
    """The key of an address as cards and projects keep it; "" where there is none."""
    return parse(text).key[:LONGEST_KEY]


def _folded(text: str) -> str:
    """Half-width, upper case, Arabic numerals where they count; blanks only as dashes."""
    folded = text[:LONGEST_INPUT].translate(_FOLD).upper()
    folded = re.sub(r"(?<=[0-9A-Z])\s+(?=[0-9A-Z])", "-", folded.strip())
    folded = re.sub(r"-{2,}", "-", re.sub(r"\s+", "", folded)).strip("-")
    for counted in (_COUNTED, _COUNTED_LAST):
        folded = counted.sub(lambda match: _arabic(match[1]), folded)
    return re.sub(r"(?<=[一-鿿])-(?=[一-鿿])", "", folded)


def _arabic(han: str) -> str:
    """三 → 3, 十二 → 12, 一二〇一 → 1201, 一百零二 → 102."""
    if not any(c in _HAN_UNITS for c in han):
        return "".join(str(_HAN_DIGITS[c]) for c in han)
    total, digit = 0, None
    for c in han:
        if c in _HAN_UNITS:
            total += (1 if digit is None else digit) * _HAN_UNITS[c]
            digit = None
        else:
            digit = _HAN_DIGITS[c]
    return str(total + (digit or 0))


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    match = pattern.match(text)
    return (match[0].strip("-"), text[match.end() :]) if match else ("", text)


def _cut_road(text: str) -> tuple[str, str]:
    """Road and number, if the text begins with them; a road alone only before a real name."""
    road, remainder = _cut(_ROAD_WITH_NUMBER, text)
    if road:
        return road, remainder
    road, remainder = _cut(_BARE_ROAD, text)
    name = _door(remainder)[0].strip("-")
    if not road or len(name) < 2 or _PLAIN_WORDS.match(name):
        return "", text
    return road, remainder


def _door(text: str) -> tuple[str, dict[str, str | None], str]:
    """What stands before the door, the parts of the door, and what stands behind it."""
    for shape in _SHAPES:
        if match := shape.search(text):
            parts = match.groupdict()
            parts["building"] = parts.get("building") or parts.get("side")
            return text[: match.start()], parts, text[match.end() :]
    return text, {}, ""


def _named_by_road(road: str, parts: dict[str, str | None], building: str) -> tuple[str, str, str]:
    """Community, building and remaining road where only the road names the place.

    文三路88号3幢: the number is the compound. 文三路88号502室: the number is the building.
    """
    match = _ROAD_WITH_NUMBER.match(road)
    if not match:
        return road, building, ""
    if building or match["kind"] != "号" or parts.get("unit"):
        return road, building, ""
    return match["road"], match["number"], ""


def _plain_number(number: str) -> str:
    """07 → 7, 0502 → 502; a leading letter stays."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", number)


def _contradict(first: str, second: str) -> bool:
    """Whether two regions name different places of the same rank (余杭区 and 杭州余杭区 do not)."""
    places = [
        {rank: name for name, rank in re.findall(r"([一-鿿]+?)(省|市|区|县)", region)}
        for region in (first, second)
    ]
    return any(
        not (places[0][rank].endswith(places[1][rank]) or places[1][rank].endswith(places[0][rank]))
        for rank in places[0].keys() & places[1].keys()
    )
