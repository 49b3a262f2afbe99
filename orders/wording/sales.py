"""What a number answers to whoever quotes, places an order or has one signed; never a name."""

from django.utils.translation import gettext as _

from core.sentences import joined
from filings.states import LookUp
from orders.states import Whose
from orders.wording.deposits import TONES, Answer


def answer_to_order(found: LookUp, whose: Whose) -> Answer:
    """The answer before an order is placed: whose the credit of the deal will be."""
    texts = {
        Whose.YOURS: _("The credit is yours."),
        Whose.FILER: _(
            "You can place the order. The credit goes to the filer; the order names them once "
            "there is a deal."
        ),
        Whose.COLLEAGUE: _(
            "You can place the order. The credit is a colleague's; the order names them once "
            "there is a deal."
        ),
        Whose.SHARED: _("You can place the order. The credit is shared, as was ruled."),
        Whose.HOME: _(
            "You can place the order. This address belongs to another region: the credit goes to "
            "the home region."
        ),
        Whose.RULED: _(
            "You can place the order. Whose the credit is has still to be ruled: a person decides."
        ),
        Whose.ADDRESS: _("Type the address to which it is delivered: it says whose the credit is."),
        Whose.REFUSED: _(
            "This address belongs to another region. Ask your manager to take this order."
        ),
    }
    return _answer(found, whose, texts[whose])


def answer_to_quote(found: LookUp, whose: Whose, *, why_not: str = "") -> Answer:
    """The answer before a quote: who may quote is everybody, whose a deal would be is said.

    `why_not` says why the customer would not be filed with it.
    """
    if not why_not and found in (LookUp.FREE, LookUp.NEW):
        text = _(
            "You can quote. With address and expected purchase the customer is filed with the "
            "quote; somebody new is registered first."
        )
        if found == LookUp.NEW:
            text = _("You can quote. The customer is registered with the quote.")
        return Answer(seen=whose.value, tone="free", title=str(found.label), text=text)
    texts = {
        Whose.YOURS: _("You can quote. If they buy, the credit is yours."),
        Whose.FILER: _("You can quote. If they buy, the credit goes to the filer."),
        Whose.COLLEAGUE: _("You can quote. If they buy, the credit is a colleague's."),
        Whose.SHARED: _("You can quote. If they buy, the credit is shared, as was ruled."),
        Whose.HOME: _("You can quote. If they buy, the credit goes to the home region."),
        Whose.RULED: _("You can quote. If they buy, a person decides whose the credit is."),
        Whose.ADDRESS: _("You can quote. The address will say whose the credit is."),
        Whose.REFUSED: _(
            "You can quote. This address belongs to another region: a manager takes the order."
        ),
    }
    if why_not:
        title, text = _("Not filed with the quote"), joined([why_not, texts[whose]])
        return Answer(seen=whose.value, tone="wait", title=title, text=text)
    return _answer(found, whose, texts[whose])


def answer_to_signing(whose: Whose) -> Answer:
    """The answer before a signature that makes the deal; `whose` as its reader sees it."""
    texts = {
        Whose.YOURS: _("Signed, this is the deal. The credit is yours."),
        Whose.FILER: _("Signed, this is the deal. The credit goes to the filer."),
        Whose.COLLEAGUE: _("Signed, this is the deal. The credit is a colleague's."),
        Whose.SHARED: _("Signed, this is the deal. The credit is shared, as was ruled."),
        Whose.HOME: _("Signed, this is the deal. The credit goes to the home region."),
        Whose.RULED: _("Signed, this is the deal. A person decides whose the credit is."),
        Whose.ADDRESS: _("The address is missing: it says whose the credit is."),
        Whose.REFUSED: _(
            "This address belongs to another region. A manager records this signature."
        ),
    }
    return Answer(
        seen=whose.value,
        tone=TONES.get(whose, "ours"),
        title="",
        text=texts.get(whose, ""),
    )


def _answer(found: LookUp, whose: Whose, text: str) -> Answer:
    tone = "free" if found == LookUp.NEW else TONES.get(whose, "ours")
    if whose == Whose.YOURS and found in (LookUp.OURS, LookUp.KNOWN):
        tone = "ours"
    return Answer(
        seen=whose.value,
        tone=tone,
        title=str(found.label),
        text=text,
        asks_address=whose == Whose.ADDRESS,
    )
