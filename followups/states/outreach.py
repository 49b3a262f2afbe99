"""The words of greetings, letters and campaigns."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Occasion(TextChoices):
    """What a greeting is sent for (FUP-11, AFT-23)."""

    FRIDAY = "friday", _("Friday greeting")
    FESTIVAL = "festival", _("Festival")
    BIRTHDAY = "birthday", _("Birthday")


class WordingUse(TextChoices):
    """What a wording is for."""

    FRIDAY = "friday", _("Friday greeting")
    FESTIVAL = "festival", _("Festival greeting")
    BIRTHDAY = "birthday", _("Birthday greeting")
    LETTER = "letter", _("Letter")
    CAMPAIGN = "campaign", _("Invitation or care")


class Whom(TextChoices):
    """To whom a wording speaks: a key customer of this kind, or whose birthday it is (FUP-11)."""

    SIGNED = "signed", _("Signed")
    ABOUT_TO_SIGN = "about", _("About to sign")
    TRACKED = "tracked", _("Being tracked")
    LONG_TERM = "long_term", _("Long-standing customer")
    LATER = "later", _("Means to buy later")
    SELF = "self", _("Their own birthday")
    FAMILY = "family", _("A birthday near them")


# The key customers of a Friday evening (FUP-11); a festival also greets those who buy later.
KEY_CUSTOMERS = (Whom.SIGNED, Whom.ABOUT_TO_SIGN, Whom.TRACKED, Whom.LONG_TERM)


class SentBy(TextChoices):
    """In what a text went out, one at a time (FUP-12)."""

    SMS = "sms", _("Text message")
    WECHAT = "wechat", _("WeChat")
    CARD = "card", _("Card or gift")
    SPOKEN = "spoken", _("Said in a call or visit")


class CampaignKind(TextChoices):
    """What a campaign is."""

    EVENT = "event", _("Event with invited guests")
    CARE = "care", _("Everyday care")


class CampaignState(TextChoices):
    """Where a campaign stands."""

    PLANNED = "planned", _("Planned")
    INVITING = "inviting", _("Inviting")
    OVER = "over", _("Over")
    CALLED_OFF = "called_off", _("Called off")


RUNNING_CAMPAIGNS = (CampaignState.PLANNED, CampaignState.INVITING)


class Answer(TextChoices):
    """What an invited customer says (forms 2.15)."""

    NONE = "", _("Not asked yet")
    COMING = "coming", _("Coming")
    NOT_COMING = "not_coming", _("Not coming")
    UNDECIDED = "undecided", _("Undecided")


# Who has said neither is asked, perhaps once more.
STILL_ASKED = (Answer.NONE, Answer.UNDECIDED)


class Withheld(TextChoices):
    """Why the guard keeps a customer off an invitation (FUP-09, FUP-24)."""

    NONE = "", _("Not withheld")
    QUIET = "quiet", _("Wishes no marketing")
    RECENT = "recent", _("Contacted too recently")
    NO_KEEPER = "no_keeper", _("Has no keeper")
    GIVEN_UP = "given_up", _("Graded D")
