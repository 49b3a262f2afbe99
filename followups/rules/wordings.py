"""Texts with places for names, and what every text that goes out must have (FUP-12)."""

import re
from collections.abc import Mapping, Sequence

from core.rules import Blocker
from customers.rules.naming import says_how
from followups.states import Whom

PLACES = ("name", "title", "product", "sender", "store", "company", "occasion", "day")
_PLACE = re.compile(r"[{｛]\s*([^{}｛｝]*?)\s*[}｝]")
_BRACE = re.compile(r"[{}｛｝]")
# A text is taken apart behind these: in Chinese at a comma, too, which stands between clauses.
_PART = re.compile(r".+?(?:[，；：。！？\n]|[.!?;:](?=\s|$)|$)", re.DOTALL)
_JOINTS = "，；：;:"
# Who is told of what they mean to buy.
PROSPECTS = frozenset((Whom.ABOUT_TO_SIGN, Whom.TRACKED, Whom.LATER))
OWNERS = frozenset((Whom.SIGNED, Whom.LONG_TERM))
# Where the opening and the signature are looked for: nobody is greeted in the middle of a text.
_HEAD, _TAIL = 60, 80

# Family names of two characters, the frequent ones.
_LONG_SURNAMES = frozenset(
    (
        "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐",
        "司徒", "夏侯", "端木", "南宫", "独孤", "长孙", "宇文", "轩辕", "钟离", "闻人",
    )
)  # fmt: skip
# Whoever leads a company is 总 to those who sell.
_LEADING_JOBS = ("总经理", "总裁", "董事长", "总监", "老板", "法人", "CEO", "创始人")
_HAN = re.compile(r"^[\u4e00-\u9fff·]+$")


def wording_blockers(*, text: str) -> list[Blocker]:
    """Everything that stops a wording from being saved: a place that nobody fills, by its name."""
    if not text.strip():
        return [Blocker("text_missing")]
    names = dict.fromkeys(match[1] for match in _PLACE.finditer(text))
    unknown = [name for name in names if name not in PLACES]
    blockers = [Blocker("unknown_place", {"place": name}) for name in unknown]
    if _BRACE.search(_PLACE.sub("", text)):
        blockers.append(Blocker("stray_brace"))
    return blockers


def filled(*, text: str, values: Mapping[str, str]) -> str:
    """The text with each place filled; a place of which nothing is known is left as it stands."""
    return _PLACE.sub(lambda match: values.get(match[1], match[0]), text)


def names_product(*, text: str) -> bool:
    """Whether a text speaks of a product of its reader."""
    return any(match[1] == "product" for match in _PLACE.finditer(text))


def names_wish(*, whom: Sequence[str]) -> bool:
    """Whether {product} is what the reader means to buy: only of a wording for prospects alone.
    Any other one, and the text of a campaign, speaks of what its reader owns (AFT-24).
    """
    return bool(whom) and PROSPECTS.issuperset(whom)


def without_product(*, text: str) -> str:
    """The text for whoever owns nothing: the clauses that speak of {product} are left out."""
    kept: list[str] = []
    for part in _PART.findall(text):
        if not names_product(text=part):
            kept.append(part)
        elif kept and kept[-1][-1] in _JOINTS and part[-1] not in _JOINTS:
            end = part[-1] if part[-1] in "。！？.!?\n" else ""
            kept[-1] = kept[-1][:-1] + end
    return "".join(kept).strip()


def surname(name: str) -> str:
    """The family name of a Chinese name; of any other the whole."""
    if not _HAN.match(name) or len(name) < 2 or "·" in name:
        return name
    return name[:2] if name[:2] in _LONG_SURNAMES and len(name) > 2 else name[:1]


def called_in_chinese(*, name: str, title: str, job: str = "") -> str:
    """How a customer is addressed: 王总, 王女士, 欧阳先生; without a title the whole name.

    A name that says it already (王总, 李老师) stays as it is.
    """
    bare = name.strip()
    if says_how(name=bare):
        return bare
    if _HAN.match(bare) and any(word in job for word in _LEADING_JOBS):
        return f"{surname(bare)}总"
    honorific = {"mr": "先生", "ms": "女士"}.get(title, "")
    return f"{surname(bare)}{honorific}" if honorific else bare


def called_in_english(*, name: str, title: str) -> str:
    """How a customer is addressed in English: Ms Wang, else the name."""
    bare = name.strip()
    honorific = {"mr": "Mr ", "ms": "Ms "}.get(title, "")
    return bare if says_how(name=bare) else f"{honorific}{bare}"


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def sending_blockers(*, text: str, called: str, company: str, sender: str) -> list[Blocker]:
    """Everything that stops a text from going out: it names the customer first and is signed with
    company and person (FUP-12), and no place of its wording is left empty.
    """
    if not text.strip():
        return [Blocker("text_missing")]
    squeezed = _squeezed(text)
    blockers = []
    if _squeezed(called) not in squeezed[: _HEAD + len(called)]:
        blockers.append(Blocker("opening_missing", {"called": called}))
    tail = squeezed[-(_TAIL + len(company) + len(sender)) :]
    if _squeezed(company) not in tail or _squeezed(sender) not in tail:
        blockers.append(Blocker("signature_missing", {"company": company, "sender": sender}))
    if _PLACE.search(text):
        blockers.append(Blocker("place_left", {"place": _PLACE.search(text)[0]}))  # type: ignore[index]
    return blockers


def speaks_to(
    *, trades: Sequence[str], whom: Sequence[str], trade: str, to: Sequence[str] | str
) -> bool:
    """Whether a wording is for this trade and kind of customer; one that names none is for all."""
    kinds = (to,) if isinstance(to, str) else to
    return (not trades or trade in trades) and (not whom or bool(set(whom) & set(kinds)))


def turn_of(*, customer_id: int, week: int, count: int) -> int:
    """Which of several wordings a customer gets: another one each week, not all the same one."""
    return (customer_id + week) % count if count else 0
