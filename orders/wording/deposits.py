"""How the till says whose a sale is: before the button without a name, on the receipt with it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from filings.states import LookUp
from orders.queries.deposits import Credit
from orders.states import Whose
from staff.models import Person

# What is seen where nothing could be told.
WAIT = "wait"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a number answers: `seen` comes back with the form, so that it was read first."""

    seen: str
    tone: str
    title: str
    text: str
    asks_address: bool = False


# The answers after which no credit is promised to whoever reads them.
TONES = {Whose.YOURS: "free", Whose.FILER: "filed", Whose.ADDRESS: "wait"}


def answer_of(found: LookUp, whose: Whose) -> Answer:
    """The answer before the button: what the number is, in the words of every page that asks for
    one, and whose the credit will be; never a name, a store or a date (decision 4).
    """
    texts = {
        Whose.YOURS: _("The credit is yours."),
        Whose.FILER: _(
            "You can take the deposit. The credit goes to the filer; the receipt names them."
        ),
        Whose.COLLEAGUE: _(
            "You can take the deposit. The credit is a colleague's; the receipt names them."
        ),
        Whose.SHARED: _(
            "You can take the deposit. The credit is shared, as was ruled of this purchase."
        ),
        Whose.HOME: _(
            "You can take the deposit. This address belongs to another region: the credit goes to "
            "the home region."
        ),
        Whose.RULED: _(
            "You can take the deposit. Whose the credit is has still to be ruled: a person decides."
        ),
        Whose.ADDRESS: _("Type the address to which it is delivered: it says whose the credit is."),
        Whose.REFUSED: _(
            "This address belongs to another region. Ask your manager to take this order."
        ),
    }
    tone = "free" if found == LookUp.NEW else TONES.get(whose, "ours")
    if whose == Whose.YOURS and found in (LookUp.OURS, LookUp.KNOWN):
        tone = "ours"
    return Answer(
        seen=whose.value,
        tone=tone,
        title=str(found.label),
        text=texts[whose],
        asks_address=whose == Whose.ADDRESS,
    )


def not_told(why: str) -> Answer:
    """No answer now: the number is none, or too many were asked about."""
    return Answer(seen=WAIT, tone="wait", title="", text=why)


@dataclass(frozen=True, kw_only=True)
class Credited:
    """What a receipt says of the credit: whose, and why in a sentence."""

    who: str
    text: str
    tone: str = "plain"


def _named(person: Person) -> str:
    return f"{person.name} · {person.store.name}" if person.store else person.name


def credited(credit: Credit) -> Credited:
    """Whose the credit is, as the receipt says it (decision 4)."""
    deal, ruling = credit.deal, credit.ruling
    if deal is None or ruling is None:
        text = _("The deposit is too small to make a deal. The credit is decided with the rest.")
        return Credited(who=_("Not decided yet"), text=text, tone="wait")
    if deal.undone_at is not None:
        return Credited(who=_("Nobody"), text=_("The deposit was returned: there is no deal."))
    if credit.shares:
        who = _(", ").join(f"{person.name} {percent}%" for person, percent in credit.shares)
        return Credited(who=who, text=_("Shared by ruling."))
    if ruling.credited_to is not None:
        return Credited(who=_named(ruling.credited_to), text=_why(credit), tone="good")
    if ruling.is_home_region:
        text = _("The customer belongs to another region: the credit goes home. Operations says "
                 "whose it is there.")  # fmt: skip
        return Credited(who=_home(credit), text=text, tone="wait")
    text = _("The rules alone may not decide this sale. Operations does, and tells you.")
    return Credited(who=_("To be ruled"), text=text, tone="wait")


def _home(credit: Credit) -> str:
    region = credit.deal.region if credit.deal else None
    return _("Home region %(region)s") % {"region": region.name} if region else _("Home region")


def _why(credit: Credit) -> str:
    """In a sentence why this person has the credit."""
    if credit.deal is None or credit.ruling is None:
        return ""
    if credit.ruling.by_id is not None:
        return _("Decided by ruling.")
    if credit.ruling.credited_to_id == credit.deal.closer_id:
        return _("Whoever took the deposit.")
    if credit.ruling.filing_id is not None:
        return _("They had filed this customer first, and the filing stands.")
    return _("They keep this customer, who has bought from us before.")
