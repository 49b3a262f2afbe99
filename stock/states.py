"""The words of stock: what moves goods, how a style sells, how new it is, how it is priced."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(IntegerChoices):
    """What one movement of the ledger (收发存) is (MER-05, MER-06)."""

    OPENING = 1, _("Opening stock")
    PURCHASE = 2, pgettext_lazy("movement", "Purchase")
    PURCHASE_RETURN = 3, _("Return to the supplier")
    SALE = 4, pgettext_lazy("movement", "Sale")
    SALE_RETURN = 5, _("Return by a customer")
    BUSINESS_USE = 6, _("Business use")
    GIFT = 7, pgettext_lazy("movement", "Gift")
    TRANSFER_IN = 8, _("Transfer in")
    TRANSFER_OUT = 9, _("Transfer out")
    GAIN = 10, _("Stock-take gain")
    LOSS = 11, _("Stock-take loss")


# What brings pairs, and what takes them. An opening stock may be negative.
RECEIPTS = frozenset(
    {Kind.OPENING, Kind.PURCHASE, Kind.SALE_RETURN, Kind.TRANSFER_IN, Kind.GAIN}
)  # fmt: skip
OUTFLOWS = frozenset(Kind) - RECEIPTS
# Goods that left without being paid: sales only where a report is told so (MER-06).
GIFTS = frozenset({Kind.BUSINESS_USE, Kind.GIFT})


class StyleClass(TextChoices):
    """How a style sells (类别2, MER-08, MER-28 to MER-31); the first four weeks it is watched."""

    WATCHED = "watched", pgettext_lazy("style", "New, under watch")
    FAST = "fast", pgettext_lazy("style", "Fast")
    STEADY = "steady", pgettext_lazy("style", "Steady")
    SLOW = "slow", pgettext_lazy("style", "Slow")
    DEAD = "dead", pgettext_lazy("style", "Dead")


class Category(TextChoices):
    """How new a style is (类别1, MER-07)."""

    NEW = "new", pgettext_lazy("category of a style", "New")
    CONTINUED = "continued", pgettext_lazy("category of a style", "Continued")
    PAST = "past", pgettext_lazy("category of a style", "Past season")


class DiscountLevel(TextChoices):
    """What an average discount says about how goods were sold (MER-23)."""

    FULL = "full", pgettext_lazy("price", "Full price")
    LIGHT = "light", pgettext_lazy("price", "Light promotion")
    PROMOTED = "promoted", pgettext_lazy("price", "Promotion")


class FigureLevel(IntegerChoices):
    """Of what place a row of figures tells."""

    OFFICE = 1, _("Office")
    REGION = 2, _("Region")
    COMPANY = 3, _("All offices")


class FigureSetState(TextChoices):
    """How far a set of figures is."""

    MAKING = "making", _("Being reckoned")
    READY = "ready", pgettext_lazy("figures", "Ready")
    FAILED = "failed", pgettext_lazy("figures", "Failed")


class ProposalKind(TextChoices):
    """What a merchandiser proposes (MER-13)."""

    REORDER = "reorder", pgettext_lazy("goods", "Reorder")
    TRANSFER = "transfer", pgettext_lazy("goods", "Move between stores")
    MARK_DOWN = "mark_down", pgettext_lazy("goods", "Mark down")


class ProposalState(TextChoices):
    """What became of a proposal."""

    OPEN = "open", pgettext_lazy("proposal", "Proposed")
    APPROVED = "approved", pgettext_lazy("proposal", "Approved")
    DECLINED = "declined", pgettext_lazy("proposal", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "Withdrawn")
