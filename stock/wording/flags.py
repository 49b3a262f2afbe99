"""What a figure's flag says: why there is no value, or what is odd about the one there is."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stock.rules.figures import Flag

SENTENCES: dict[Flag, Promise] = {
    Flag.NO_SUPPLY: _("Nothing was there to be sold."),
    Flag.NO_SALES: _("Nothing was sold."),
    Flag.NO_STOCK: _("Nothing lies there."),
    Flag.NET_RETURN: _("More came back than was sold."),
    Flag.OVER_100: _("More was sold than there was: negative stock, or a fault in the ledger."),
    Flag.NEG_OPENING: _("It began with negative stock."),
    Flag.NEG_STOCK: _("The stock is negative."),
    Flag.NEG_AVERAGE: _("The mean of opening and closing stock is negative."),
    Flag.NEG_SIZE: _("A size has negative stock; it counts as none."),
    Flag.WENT_NEGATIVE: _("At some time more left than was there."),
    Flag.SHORT_ON_SALE: _("On sale for less than two weeks: the pace is taken since the launch."),
    Flag.RUNNING_OUT: _("Soon sold out."),
    Flag.NOT_ON_SALE: _("Not on sale yet."),
    Flag.NO_LAUNCH: _("Nobody said since when it is on sale: the first receipt counts."),
    Flag.OUT_OF_STOCK: _("There were no goods."),
    Flag.FEW_WEEKS_IN_STOCK: _("Long on sale, but with goods for less than four weeks."),
    Flag.NO_PEERS: _("There are no other styles to hold its sales against."),
    Flag.NO_PRICE: _("Some sales do not say what was paid; they are left out."),
    Flag.NO_COST: _("No receipt says what it cost."),
    Flag.NO_SIZES: _("The ledger names no sizes."),
    Flag.NO_CORE: _("No run of core sizes fits its sizes."),
    Flag.NOTHING_REQUESTED: _("Nothing was requested."),
    Flag.NO_RESTOCK: _("Nothing was restocked long enough ago."),
    Flag.UNMATCHED_TRANSFER: _("More came in by a transfer than left for it."),
    Flag.EARLY_TRANSFER: _("A transfer came in on a day before it left."),
    Flag.UNKNOWN_REFERENCE: _("A row refers to a document that is not there."),
    Flag.RETURN_OVER_SOLD: _("A customer returned more than was sold there."),
}


def flag_text(flag: str) -> str:
    """The sentence of one flag."""
    return str(SENTENCES[Flag(flag)])


def flag_texts(flags: Iterable[str]) -> list[str]:
    """The sentences of these flags, in their order."""
    return [flag_text(flag) for flag in flags]
