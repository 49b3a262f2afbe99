"""How a filing stands at a moment: the light on the card and in lists (screen 3)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Light(TextChoices):
    """What a filing is worth now; each has a word and a shape beside its colour."""

    DRAFT = "draft", pgettext_lazy("filing", "Draft, not filed yet")
    REFUSED = "refused", pgettext_lazy("filing", "Void")
    LAPSED = "lapsed", pgettext_lazy("filing", "Lapsed")
    SOON = "soon", pgettext_lazy("filing", "Lapses within 3 days")
    VALID = "valid", pgettext_lazy("filing", "Valid")
    DEAL = "deal", pgettext_lazy("filing", "Deal made")


class WhyFree(TextChoices):
    """Why a customer is in the pool (PUL-01)."""

    SILENCE = "silence", _("Lapsed by silence")
    UNMEASURED = "unmeasured", _("Not measured in time")
    RELEASED = "released", _("Released")
    GRADE_D = "grade_d", _("Grade D")
    LEAVER = "leaver", _("Who kept them has left")
    NEVER_KEPT = "never_kept", _("Never kept by anybody")


class LookUp(TextChoices):
    """What a number is to whoever asks; not whose, or since when (decision 4).

    The last two are all there is to say where leads are not filed.
    """

    FREE = "free", _("Free to file")
    FILED = "filed", _("Filed already")
    OURS = "ours", _("Our customer")
    YOURS = "yours", _("Filed by you")
    NEW = "new", _("New customer")
    KNOWN = "known", _("Already our customer")
