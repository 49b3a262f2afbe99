"""Names of people: kept as typed, compared folded, found by pinyin."""

import itertools
import re
import unicodedata
from dataclasses import dataclass

import pypinyin
from django.utils.translation import gettext_lazy as _

from core.input_refused import InputRefused
from core.plain_text import MESSAGES as TEXT_MESSAGES
from core.plain_text import TextRefused, clean_text, has_visible

MOST_READINGS = 4
MOST_GIVEN = 16

# Read so as a surname; pypinyin takes the commoner word. Both readings are indexed.
SURNAMES = {
    "单": "shan", "仇": "qiu", "区": "ou", "解": "xie", "曾": "zeng", "查": "zha", "盖": "ge",
    "朴": "piao", "翟": "zhai", "覃": "qin", "乐": "yue", "缪": "miao", "员": "yun", "秘": "bi",
    "种": "chong", "繁": "po", "折": "she", "黑": "he", "召": "shao", "句": "gou", "卜": "bu",
    "隗": "wei", "郇": "xun", "乜": "nie", "阚": "kan", "莘": "xin", "谌": "shen", "宓": "fu",
    "佴": "nai", "都": "du", "干": "gan", "藏": "zang", "任": "ren", "华": "hua", "纪": "ji",
    "燕": "yan", "宁": "ning", "应": "ying", "冼": "xian", "逄": "pang", "訾": "zi", "过": "guo",
}  # fmt: skip
DOUBLE_SURNAMES = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "单于": ("chan", "yu"), "澹台": ("tan", "tai"),
    "长孙": ("zhang", "sun"), "令狐": ("ling", "hu"), "皇甫": ("huang", "fu"),
    "宇文": ("yu", "wen"), "鲜于": ("xian", "yu"), "呼延": ("hu", "yan"),
}  # fmt: skip

# Surnames of two characters that are read as they are written.
TWO_SIGNS = frozenset(
    ("欧阳", "上官", "司马", "诸葛", "夏侯", "东方", "赫连", "公孙", "慕容", "司徒", "端木", "南宫")
)

_DOTS = re.compile("[•・･‧∙⋅․。]")
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
_PARTS = re.compile(f"([{_HAN}]+)|([^\\W_{_HAN}]+)")


class NameRefused(InputRefused):
    """The text is no name; `code` is a key of `messages`."""

    messages = TEXT_MESSAGES | {
        "NAME_EMPTY": _("Enter a name."),
    }


@dataclass(frozen=True)
class PinyinKeys:
    """The readings of a name without tones: `full` like zhangwei, `initials` like zw."""

    full: tuple[str, ...]
    initials: tuple[str, ...]


def clean_name(text: str, max_length: int = 64) -> str:
    """The name as it is kept: what was typed, without controls and invisible characters.

    Raises NameRefused: empty, over `max_length` characters, damaged.
    """
    try:
        name = clean_text(text, max_length=max_length, keep_lines=False)
    except TextRefused as refusal:
        raise NameRefused(refusal.code, refusal.params) from None
    if not has_visible(name):
        raise NameRefused("NAME_EMPTY")
    return name


def comparison_key(name: str) -> str:
    """The name as it is compared: compatibility forms, case, dots and blanks folded.

    For suspicion and search only: never shown, and never a reason to merge by itself.
    """
    folded = name
    for _pass in range(2):  # case folding and blanks taken out make new pairs to compose
        folded = unicodedata.normalize("NFKC", _DOTS.sub("·", folded)).casefold()
        folded = re.sub(r"\s+", "", _DOTS.sub("·", folded))
    return unicodedata.normalize("NFKC", folded)


def pinyin(name: str) -> PinyinKeys:
    """All likely readings of a name, the surname's first; empty where there is nothing to read."""
    readings = list(itertools.islice(_readings(comparison_key(name)), MOST_READINGS))
    full = dict.fromkeys("".join(syllables) for syllables in readings)
    initials = dict.fromkeys("".join(part[0] for part in syllables) for syllables in readings)
    return PinyinKeys(tuple(filter(None, full)), tuple(filter(None, initials)))


def search_text(name: str, *more: str) -> str:
    """What a search looks through: the names, their pinyin and initials, and what may stand for
    the given name; lower case, one blank between.
    """
    words: dict[str, None] = {}
    for text in (name, *more):
        keys = pinyin(text)
        key = comparison_key(text)
        for word in (text.casefold(), key, *keys.full, *keys.initials, *_given(key)):
            words.update(dict.fromkeys(word.split()))
    return " ".join(words)


def _given(key: str) -> list[str]:
    """The Chinese parts of a name from each later character on: 文博 and 博 of 许文博.

    A search finds the beginning of a word by index, and two characters only there.
    """
    runs = [run for run in _PARTS.finditer(key) if run[1]]
    return [
        run[1][start:]
        for run in runs
        for start in range(run.start() == 0, min(len(run[1]), MOST_GIVEN))
    ]


def _readings(name: str) -> "itertools.chain[list[str]]":
    """Each reading as a list of syllables and words."""
    usual = _syllables(name)
    surname = _surname(name)
    variants = [surname + usual[len(surname) :]] if surname else []
    variants.append(usual)
    # 吕 is typed lv, and lu on passports.
    plain = [
        [part.replace("v", "u") for part in variant] for variant in variants if _has_v(variant)
    ]
    return itertools.chain(variants, plain)


def _syllables(name: str) -> list[str]:
    """One entry a character of Chinese, one a run of other letters and digits."""
    syllables: list[str] = []
    for chinese, other in _PARTS.findall(name):
        syllables += pypinyin.lazy_pinyin(chinese, errors="ignore") if chinese else [other]
    return syllables


def _surname(name: str) -> list[str]:
    if name[:2] in DOUBLE_SURNAMES:
        return list(DOUBLE_SURNAMES[name[:2]])
    return [SURNAMES[name[0]]] if name and name[0] in SURNAMES else []


def _has_v(syllables: list[str]) -> bool:
    return any(part in ("lv", "nv", "lve", "nve") for part in syllables)


def surname_alone(name: str) -> str:
    """A name with all but its surname hidden, for places outside: 张**, 欧阳**, W**.

    It holds no digit, whatever was typed as a name.
    """
    key = comparison_key(name)
    letters = "".join(sign for sign in key if not sign.isdigit() and sign.isalpha())
    known = 2 if letters[:2] in DOUBLE_SURNAMES or letters[:2] in TWO_SIGNS else 1
    return f"{letters[:known].upper()}**"
