"""The words of service cases (工单)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseKind(TextChoices):
    """What a case is about; it decides the clock (AFT-21, AFT-22, forms 2.16)."""

    PROBLEM = "problem", _("Problem")
    NEED = "need", _("Need")
    COMPLAINT = "complaint", _("Complaint")
    REPAIR = "repair", _("Repair")
    RETURN = "return", _("Return or exchange")


class CaseState(TextChoices):
    """Where a case stands; past its clock is no state but a comparison with now."""

    OPEN = "open", pgettext_lazy("case", "Open")
    PAUSED = "paused", _("Paused")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", pgettext_lazy("case", "Closed")
    VOIDED = "voided", _("Opened by mistake")


RUNNING_CASES = (CaseState.OPEN, CaseState.PAUSED)
# Solved, and closed once the customer has said how satisfied they are.
SOLVED_CASES = (CaseState.SOLVED, CaseState.CLOSED)
# Cases on which a return or exchange of goods may hang (ORD-37, ORD-38).
RETURN_CASES = (CaseKind.RETURN, CaseKind.COMPLAINT)


class CaseChannel(TextChoices):
    """How a case reached us (ORD-38)."""

    CALL = "call", _("Call")
    WECHAT = "wechat", _("WeChat")
    STORE = "store", _("In the store")
    EMAIL = "email", _("E-mail")
    SURVEY = "survey", _("Survey")
    VISIT = "visit", _("Visit")


class PauseReason(TextChoices):
    """Why the clock of a case rests."""

    CUSTOMER = "customer", _("Waiting for the customer")
    PARTS = "parts", _("Waiting for parts")
    SUPPLIER = "supplier", _("Waiting for the maker")
    OTHER = "other", _("Other")


class CaseAct(TextChoices):
    """What happened to a case."""

    OPENED = "opened", pgettext_lazy("of a case", "opened")
    ANSWERED = "answered", _("first answer")
    UNANSWERED = "unanswered", _("first answer taken back")
    NOTED = "noted", _("noted")
    ASSIGNED = "assigned", _("handed to somebody")
    PAUSED = "paused", _("clock paused")
    RESUMED = "resumed", _("clock runs again")
    ESCALATED = "escalated", _("reported up")
    SOLVED = "solved", _("solved")
    REOPENED = "reopened", _("opened again")
    RATED = "rated", _("customer asked how satisfied")
    UNRATED = "unrated", _("rating taken back")
    VOIDED = "voided", _("taken back")
