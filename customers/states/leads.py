"""Leads from outside."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LeadWay(TextChoices):
    """How a lead came in."""

    WEBHOOK = "webhook", _("Webhook")
    FILE = "file", _("File")
    HAND = "hand", _("By hand")


class LeadState(TextChoices):
    """Where a lead from outside stands; none waits unseen."""

    WAITING = "waiting", _("Waits for somebody")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    JOINED = "joined", _("Known customer")
    INVALID = "invalid", _("Invalid")


OPEN_LEADS = (LeadState.WAITING, LeadState.OFFERED)


class OfferState(TextChoices):
    """What became of a lead that was offered to somebody."""

    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    PASSED = "passed", _("Passed on")
    LAPSED = "lapsed", _("Not answered in time")
    WITHDRAWN = "withdrawn", _("Taken back")


class DispatchMethod(TextChoices):
    """How a store hands out its leads."""

    ROTA = "rota", _("By duty rota")
    LOAD = "load", _("To whoever has fewest open leads")
    HAND = "hand", _("By hand")
