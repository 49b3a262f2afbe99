"""One normaliser for phone numbers, for forms, imports, search and API alike (`FIL-31`).

Cleaning is our own, not NFKC: NFKC turns `1380013800²` into somebody else's number. Only what a
Chinese input method produces is folded (full-width digits and punctuation); any other digit is
refused. `phonenumbers` then says whether such a number exists.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

import phonenumbers
from django.utils.translation import gettext_lazy as _

from core.input_refused import InputRefused

MESSAGES = {
    "PHONE_EMPTY": _("Enter a phone number."),
    "PHONE_NONE_GIVEN": _(
        "This says that there is no phone. Leave it empty and choose “no phone”."
    ),
    "PHONE_TOO_LONG": _("This is far too long for a phone number."),
    "PHONE_CHARACTERS": _(
        "A phone number has only digits, spaces, dashes, brackets and a leading +."
    ),
    "PHONE_FORMULA": _("This is a formula. Type the phone number itself."),
    "PHONE_MASKED": _("Some digits are hidden by stars. Enter the whole number."),
    "PHONE_DIGITS_LOST": _(
        "The spreadsheet has rounded this number. Format the column as text and enter it again."
    ),
    "PHONE_SEVERAL": _("These are several numbers. Enter each in a field of its own."),
    "PHONE_LENGTH": _("A mobile number has 11 digits; this has %(digits)s."),
    "PHONE_NEEDS_AREA_CODE": _("Write a landline with its area code, like 0571-88888888."),
    "PHONE_EXTENSION": _("Only a landline has an extension. Enter the mobile number alone."),
    "PHONE_INVALID": _("There is no such phone number. Check the digits."),
}

LONGEST_INPUT = 64

_WIDE_DIGITS = {0xFF10 + n: str(n) for n in range(10)}
_WIDE_SIGNS = {
    ord(wide): narrow for wide, narrow in zip("＋（）＃．；＝＊", "+()#.;=*", strict=True)
}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣﹘⁃ー─"), "-")
_INVISIBLE_RANGES = [(0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x2070)]
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, 0x180E, 0xFEFF, 0xFE0E, 0xFE0F]
    + [code for start, end in _INVISIBLE_RANGES for code in range(start, end)]
)
_FOLD = _WIDE_DIGITS | _WIDE_SIGNS | _DASHES | _INVISIBLE

_NONE_WORDS = {
    "无",
    "没有",
    "沒有",
    "暂无",
    "无电话",
    "不详",
    "未知",
    "未留",
    "none",
    "no",
    "n/a",
    "na",
    "-",
    "/",
}
_SEVERAL = re.compile(r"[/,;、，；／|｜\n\r]|或|和|及|&")
_EXTENSION = re.compile(
    r"^(.*?\d)[\s,-]*(?:;ext=|转|轉|分机|分機|ext\.?|x|#)[\s:.]*(\d{1,8})$", re.I
)
# Area codes: 010, 02x, 03xx to 09xx. Looser, and 0-1364244-6176 would be a landline.
_AREA = r"0(?:10|2\d|[3-9]\d\d)"
_DASHED_EXTENSION = re.compile(rf"^((?:\+?86-?)?\(?{_AREA}\)?-?\d{{7,8}})-(\d{{2,6}})$", re.ASCII)
_SHAPE = re.compile(r"^\(?\+?[\d ()-]+$", re.ASCII)
_DOTTED = re.compile(r"(?<=\d)\.(?=\d{3})")
_FLOAT = re.compile(r"^(\d{5,15})\.0+$", re.ASCII)
_SCIENTIFIC = re.compile(r"^(\d(?:\.\d+)?)e\+?(\d{1,2})$", re.ASCII | re.I)
_MOBILE = re.compile(r"^0?(1[3-9]\d{9})$", re.ASCII)
_LANDLINE = re.compile(rf"^{_AREA}\d{{7,8}}$", re.ASCII)
_SERVICE = re.compile(r"^[48]00\d{7}$", re.ASCII)
# Fewer digits than this in a rounded number cannot have kept all eleven: spreadsheets display at
# most six, programs that print a double print all it has.
_KEPT_DIGITS = 8


class PhoneRefused(InputRefused):
    """The text is not one phone number; `code` is a key of `MESSAGES`."""

    messages = MESSAGES


@dataclass(frozen=True, repr=False)
class Phone:
    """One existing phone number in its normal form. Printed, it shows only its masked text."""

    e164: str  # the normal form, with `;ext=8001` where there is an extension
    country: str  # ISO region, "CN", "US"; "001" for numbers of no country
    national: str  # as dialled inside the country, a landline with its 0
    extension: str = ""
    is_mobile: bool = False
    is_placeholder: bool = False

    @property
    def masked(self) -> str:
        """What everybody may see: 138****8000, ********8888 or +*********71."""
        return mask(self.e164)

    @property
    def is_nobodys(self) -> bool:
        """Whether nobody has it for their own: it looks made up, or is a hotline (400, 800)."""
        return self.is_placeholder or _SERVICE.match(self.national) is not None

    @property
    def last4(self) -> str:
        """The last four digits, without the extension."""
        return self.national[-4:]

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"<Phone {self.masked}>"


def normalise(text: str, *, from_sheet: bool = False) -> Phone:
    """Read exactly one number from `text` (`FIL-31`).

    `from_sheet` also recovers what spreadsheets do to numbers (`13800138000.0`, `1.3800138E+10`)
    where no digit is lost. Raises PhoneRefused.
    """
    cleaned = _cleaned(text)
    if from_sheet:
        cleaned = _unspoiled(cleaned)
    number, extension = _without_extension(cleaned)
    number = _DOTTED.sub("-", number)
    if not _SHAPE.match(number):
        raise _why_not_a_number(cleaned)
    digits = re.sub(r"\D", "", number)
    is_international = number.lstrip("(").startswith("+") or digits.startswith("00")
    return _existing(digits, is_international, extension)


def split(text: str) -> list[str]:
    """The numbers of a cell, one string each, unread: separated by / , ; 、 or a blank between.

    A blank separates only where the parts are numbers by themselves: `138 0013 8000` is one.
    """
    pieces = (piece.strip() for piece in _SEVERAL.split(text[: LONGEST_INPUT * 8]))
    return [part for piece in pieces if piece for part in _split_at_blanks(piece)]


def mask(e164: str) -> str:
    """The masked text of a normal form: mobiles 3+4 digits, landlines the last 4, foreign 2."""
    number = line_of(e164)
    if not number.startswith("+86"):
        return "+" + "*" * (len(number) - 3) + number[-2:]
    national = number[3:]
    if _MOBILE.match(national):
        return f"{national[:3]}****{national[-4:]}"
    return "*" * (len(national) - 4) + national[-4:]


def line_of(e164: str) -> str:
    """A normal form without its extension."""
    return e164.partition(";")[0]


def _cleaned(text: str) -> str:
    """`text` folded and stripped; refuses the empty, the endless and the obviously absent."""
    if len(text) > LONGEST_INPUT:
        raise PhoneRefused("PHONE_TOO_LONG")
    cleaned = re.sub(r"\s+", " ", text.translate(_FOLD)).strip()
    if not cleaned:
        raise PhoneRefused("PHONE_EMPTY")
    if cleaned.casefold() in _NONE_WORDS:
        raise PhoneRefused("PHONE_NONE_GIVEN")
    return cleaned


def _unspoiled(cleaned: str) -> str:
    """Undo the float and the scientific notation of spreadsheets, where nothing was lost."""
    if match := _FLOAT.match(cleaned):
        return match[1]
    match = _SCIENTIFIC.match(cleaned)
    if not match:
        return cleaned
    if len(match[1].replace(".", "").rstrip("0")) < _KEPT_DIGITS:
        raise PhoneRefused("PHONE_DIGITS_LOST")
    try:
        value = Decimal(cleaned)
    except InvalidOperation:  # pragma: no cover - the pattern admits only numbers
        raise PhoneRefused("PHONE_INVALID") from None
    if value != value.to_integral_value():
        raise PhoneRefused("PHONE_DIGITS_LOST")
    return str(int(value))


def _without_extension(cleaned: str) -> tuple[str, str]:
    if match := _EXTENSION.match(cleaned) or _DASHED_EXTENSION.match(cleaned):
        return match[1], match[2]
    return cleaned, ""


def _why_not_a_number(cleaned: str) -> PhoneRefused:
    pieces = [piece for piece in _SEVERAL.split(cleaned) if piece.strip()]
    if cleaned[0] in "=@＝＠":
        return PhoneRefused("PHONE_FORMULA")
    if len(pieces) > 1 and all(sum(c.isdigit() for c in piece) >= 7 for piece in pieces):
        return PhoneRefused("PHONE_SEVERAL")
    if re.search(r"\d\*{2,}", cleaned):
        return PhoneRefused("PHONE_MASKED")
    if _SCIENTIFIC.match(cleaned):
        return PhoneRefused("PHONE_DIGITS_LOST")
    return PhoneRefused("PHONE_CHARACTERS")


def _existing(digits: str, is_international: bool, extension: str) -> Phone:
    if is_international:
        digits = digits.removeprefix("00")
        if not digits.startswith("86"):
            return _foreign(digits, extension)
        return _chinese(_with_trunk_zero(digits[2:]), extension)
    if digits.startswith("86") and len(digits) == 13 and _MOBILE.match(digits[2:]):
        return _chinese(digits[2:], extension)
    return _chinese(digits, extension)


def _with_trunk_zero(national: str) -> str:
    """A landline written +86 571 … gets the 0 it is dialled with at home."""
    if national.startswith("0") or _MOBILE.match(national) or _SERVICE.match(national):
        return national
    return "0" + national


def _chinese(national: str, extension: str) -> Phone:
    if match := _MOBILE.match(national):
        if extension:
            raise PhoneRefused("PHONE_EXTENSION")
        return _checked(match[1], "", is_mobile=True)
    if _LANDLINE.match(national) or _SERVICE.match(national):
        return _checked(national, extension, is_mobile=False)
    raise _why_not_chinese(national)


def _why_not_chinese(national: str) -> PhoneRefused:
    if len(national) in (7, 8) and national[0] not in "01":
        return PhoneRefused("PHONE_NEEDS_AREA_CODE")
    if re.match(r"^1[3-9]\d{9}0?1[3-9]\d{9}$", national):
        return PhoneRefused("PHONE_SEVERAL")
    if len(national) != 11:
        return PhoneRefused("PHONE_LENGTH", {"digits": len(national)})
    return PhoneRefused("PHONE_INVALID")


def _checked(national: str, extension: str, *, is_mobile: bool) -> Phone:
    significant = national.removeprefix("0")
    if not _exists(significant):
        raise PhoneRefused("PHONE_INVALID")
    return Phone(
        e164=_with_extension("+86" + significant, extension),
        country="CN",
        national=national,
        extension=extension,
        is_mobile=is_mobile,
        is_placeholder=_is_placeholder(national, is_mobile),
    )


def _foreign(digits: str, extension: str) -> Phone:
    try:
        number = phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException:
        raise PhoneRefused("PHONE_INVALID") from None
    if not phonenumbers.is_valid_number(number):
        raise PhoneRefused("PHONE_INVALID")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(
        e164=_with_extension(e164, extension),
        country=phonenumbers.region_code_for_number(number) or "001",
        national=phonenumbers.national_significant_number(number),
        extension=extension,
        is_mobile=phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE,
    )


def _with_extension(e164: str, extension: str) -> str:
    return f"{e164};ext={extension}" if extension else e164


def _exists(significant: str) -> bool:
    """Whether the library knows such a Chinese number.

    Mobiles are held against the library's own pattern: asking `is_valid_number` costs ten times as
    much, which an import of 100,000 rows would feel. A test holds the two answers together.
    """
    if significant[0] == "1" and len(significant) == 11:
        return _mobile_pattern().fullmatch(significant) is not None
    return phonenumbers.is_valid_number(phonenumbers.parse("+86" + significant, None))


@cache
def _mobile_pattern() -> re.Pattern[str]:
    china = phonenumbers.PhoneMetadata.metadata_for_region("CN")
    pattern: str = china.mobile.national_number_pattern  # type: ignore[union-attr, assignment]
    return re.compile(pattern, re.ASCII)


def _is_placeholder(national: str, is_mobile: bool) -> bool:
    """Whether the number looks made up: 13800000000, 13812345678, 0571-00000000.

    Only flagged, never refused: such numbers exist. 13800138000 is a real number and is not one.
    """
    if not is_mobile:
        return national.endswith("0000000")
    tail = national[3:]
    return len(set(tail)) == 1 or tail in ("12345678", "87654321")


def _split_at_blanks(piece: str) -> list[str]:
    words = piece.split()
    if len(words) < 2 or len(words) > 12 or _is_number(piece):
        return [piece]
    return _numbers_of(tuple(words)) or [piece]


def _numbers_of(words: tuple[str, ...]) -> list[str] | None:
    """`words` grouped into as few whole numbers as possible, or None where they are not numbers."""
    if not words:
        return []
    for size in range(len(words), 0, -1):
        head = " ".join(words[:size])
        if _is_number(head) and (rest := _numbers_of(words[size:])) is not None:
            return [head, *rest]
    return None


def _is_number(text: str) -> bool:
    try:
        normalise(text, from_sheet=True)
    except PhoneRefused:
        return False
    return True
