"""The words in which a customer and a contact are described."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Title(TextChoices):
    """How a person is addressed."""

    MR = "mr", _("Mr")
    MS = "ms", _("Ms")


class Grade(TextChoices):
    """How warm a customer is (GRD-01…08); shown on the corner of the card."""

    A = "A", _("A · active prospect")
    B1 = "B1", _("B1 · designing, deciding")
    B2 = "B2", _("B2 · has bought")
    C1 = "C1", _("C1 · former buyer")
    C2 = "C2", _("C2 · later")
    D = "D", _("D · given up")


class Source(TextChoices):
    """How the customer came to us."""

    WALK_IN = "walk_in", _("Walked in")
    ADVERT = "advert", _("Advertisement")
    ONLINE = "online", _("Online")
    EVENT = "event", _("Event")
    FRIEND = "friend", _("Friend")
    OWNER_REFERRAL = "owner_referral", _("Referred by a customer")
    DESIGNER = "designer", _("Designer")
    PARTNER = "partner", _("Partner trade")
    INTERCEPT = "intercept", _("Approached outside")
    FIELD_INVITE = "field_invite", _("Invited by field sales")
    OTHER = "other", _("Other")


class ExpectedPurchase(TextChoices):
    """When the customer means to buy."""

    WEEK = "week", _("Within 7 days")
    FORTNIGHT = "fortnight", _("Within 15 days")
    MONTH = "month", _("Within a month")
    QUARTER = "quarter", _("Within 3 months")
    LATER = "later", _("Later")


class Quiet(TextChoices):
    """What a customer does not wish to receive (FUP-24, decision 15)."""

    NONE = "", _("May be contacted")
    MARKETING = "marketing", _("No marketing")
    VISITS = "visits", _("No visits")
    ALL = "all", _("No contact")


class Channel(TextChoices):
    """The way in which people spoke (FUP-10)."""

    CALL = "call", _("Call")
    WECHAT = "wechat", _("WeChat")
    SMS = "sms", _("Text message")
    STORE_VISIT = "store_visit", _("Store visit")
    HOME_VISIT = "home_visit", _("Home visit")
    MEASURING = "measuring", _("Measuring")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")


class Outcome(TextChoices):
    """What became of an attempt to reach the customer."""

    CONNECTED = "connected", _("Reached")
    UNANSWERED = "unanswered", _("No answer")
    SWITCHED_OFF = "switched_off", _("Switched off")
    DECLINED = "declined", _("Declined")
    REPLIED = "replied", _("Replied")
    NO_REPLY = "no_reply", _("No reply")
    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not met")
    SENT = "sent", _("Sent")


REACHED_OUTCOMES = (Outcome.CONNECTED, Outcome.REPLIED, Outcome.MET)


class Reason(TextChoices):
    """Why we made contact (FUP-13): one of a few, not always the same."""

    DESIGN = "design", _("Design")
    PRICE = "price", _("Quote")
    EVENT = "event", _("Event")
    MATERIAL = "material", _("Material")
    PROGRESS = "progress", _("Progress")
    CARE = "care", _("Care")
    REFERRAL = "referral", _("Referral")
    OTHER = "other", _("Other")


class NextKind(TextChoices):
    """What the next step is (FUP-01)."""

    CALL = "call", _("Call")
    WECHAT = "wechat", _("WeChat")
    STORE_VISIT = "store_visit", _("Store visit")
    HOME_VISIT = "home_visit", _("Home visit")
    MEASURING = "measuring", _("Measuring")
    NONE = "none", _("None")


class NoStepReason(TextChoices):
    """Why a contact has no next step; it counts towards grade D (GRD-07)."""

    NO_NEED = "no_need", _("No need now")
    BOUGHT_ELSEWHERE = "bought_elsewhere", _("Bought elsewhere")
    BUDGET = "budget", _("Budget dropped")
    UNWILLING = "unwilling", _("Does not wish contact")
    CARED_FOR = "cared_for", _("All well, care plan goes on")
