"""Grades, intent levels and what is proposed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Grade(TextChoices):
    """How warm a customer is (GRD-01…08); shown on the corner of the card."""

    A = "A", _("A · active prospect")
    B1 = "B1", _("B1 · designing, deciding")
    B2 = "B2", _("B2 · has bought")
    C1 = "C1", _("C1 · former buyer")
    C2 = "C2", _("C2 · later")
    D = "D", _("D · given up")


class IntentLevel(TextChoices):
    """How soon somebody means to buy, as car dealers say it; beside the grade, never in its place.

    (GRD-12) The letters of the two scales collide, so they never share a column.
    """

    H = "H", _("H · within 7 days")
    A = "A", _("A · within 15 days")
    B = "B", _("B · within 30 days")
    C = "C", _("C · within 90 days")


class ProposalReason(TextChoices):
    """Why the rules propose another grade (decision 14)."""

    BOUGHT = "bought", _("Has bought")
    OWNED_LONG = "owned_long", _("Delivered long ago")
    WARM = "warm", _("Gave time and data, showed interest")
    SILENT = "silent", _("No next step, twice running")
    UNREACHED = "unreached", _("Not reached, again and again")
    BACK = "back", _("Got in touch again")


class ProposalState(TextChoices):
    """What became of a proposed grade."""

    OPEN = "open", pgettext_lazy("grade proposal", "Waiting")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", pgettext_lazy("grade proposal", "Declined")
    WITHDRAWN = "withdrawn", _("No longer holds")
