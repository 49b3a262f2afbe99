"""The words in which a contact is described."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


class Touch(TextChoices):
    """What a contact brought up (forms 2.16, DAT-10)."""

    NEED = "need", _("Need")
    PROBLEM = "problem", _("Problem")
    FEEDBACK = "feedback", _("Feedback")


class NextKind(TextChoices):
    """What the next step is (FUP-01)."""

    CALL = "call", _("Call")
    WECHAT = "wechat", _("WeChat")
    STORE_VISIT = "store_visit", _("Store visit")
    HOME_VISIT = "home_visit", _("Home visit")
    MEASURING = "measuring", _("Measuring")
    NONE = "none", _("None")


class NoStepReason(TextChoices):
    """Why a contact has no next step; the first four count towards grade D (GRD-07)."""

    NO_NEED = "no_need", _("No need now")
    BOUGHT_ELSEWHERE = "bought_elsewhere", _("Bought elsewhere")
    BUDGET = "budget", _("Budget dropped")
    UNWILLING = "unwilling", _("Does not wish contact")
    CARED_FOR = "cared_for", _("All well, care plan goes on")
    STANDS = "stands", _("What was agreed stands")


# Nobody is forgotten without a new step: care or what was agreed goes on.
GOES_ON = (NoStepReason.CARED_FOR, NoStepReason.STANDS)
