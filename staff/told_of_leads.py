"""How notices about filings, disputes and special prices are worded.

Names are those of our people; the customer is read on the page that the notice leads to.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from staff.states import NoticeKind
from staff.told_sentence import Sentence

OF_LEADS: Mapping[NoticeKind, tuple[Sentence, ...]] = {
    NoticeKind.FILING_CLOCK: (Sentence(text=_("A filing of yours nears a limit.")),),
    NoticeKind.FILING_FREE: (
        Sentence(text=_("A customer you were refused is free: you can file them again.")),
    ),
    NoticeKind.FILING_REVIEW: (Sentence(text=_("There is news of the review of a filing.")),),
    NoticeKind.EXTENSION: (Sentence(text=_("There is news of an extension.")),),
    NoticeKind.DISPUTE: (Sentence(text=_("A dispute about a lead concerns you.")),),
    NoticeKind.RULING: (Sentence(text=_("It was ruled whose a lead is.")),),
    NoticeKind.CREDIT: (
        Sentence(
            text=_(
                "%(by)s (%(store)s) took a deposit from a customer whose sale is yours, order "
                "%(order)s. The credit is yours."
            ),
            needs=("by", "store", "order"),
        ),
        Sentence(
            text=_(
                "%(returned_by)s gave back the deposit of order %(order)s: it is no deal any more."
            ),
            needs=("returned_by", "order"),
        ),
        Sentence(text=_("A deposit was taken from a customer you filed. The credit is yours.")),
    ),
    NoticeKind.SPECIAL_PRICE: (Sentence(text=_("There is news of a special price.")),),
}
