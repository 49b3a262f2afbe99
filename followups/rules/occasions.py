"""Who is greeted when, each with a text of their own (FUP-06, FUP-11, AFT-23).

`whom` has a twin in SQL (`followups.queries.greetings`); a test holds the two together.
"""

from datetime import date, datetime, time, timedelta

from core.rules import Blocker
from customers.states import Grade, Quiet
from followups.states import Whom

FRIDAY = 4
# The evening begins when people begin to look at their phones.
FRIDAY_FROM = time(15)
# An opportunity with so much of a chance, in percent, is about to be signed.
ABOUT_TO_SIGN_FROM = 50
# A former buyer of whom nothing was heard for so long is no key customer any more.
LONG_TERM_DAYS = 3 * 365
EVE = timedelta(days=1)
# Whoever wishes none of these is sent no greeting; one who only wishes no visits is.
NO_GREETING = (Quiet.MARKETING, Quiet.ALL)


def friday_of(*, local: datetime) -> date | None:
    """The Friday whose evening it is by the store's clock; None at any other time."""
    is_evening = local.weekday() == FRIDAY and local.time() >= FRIDAY_FROM
    return local.date() if is_evening else None


def is_greeted_for(*, festival_on: date, today: date) -> bool:
    """Whether a festival's greetings go out: on its day and on the day before."""
    return today in (festival_on - EVE, festival_on)


def whom(
    *,
    grade: Grade | str,
    is_late_stage: bool,
    last_known_on: date | None,
    today: date,
) -> Whom | None:
    """As what a customer is greeted: signed, about to sign, tracked, long-term; None for nobody.

    `is_late_stage`: an open opportunity is about to be signed. `last_known_on`: the latest of the
    last contact, the last purchase and the registration.
    """
    if grade == Grade.D:
        return None
    if grade == Grade.B2:
        return Whom.SIGNED
    if grade == Grade.B1 or is_late_stage:
        return Whom.ABOUT_TO_SIGN
    if grade == Grade.A:
        return Whom.TRACKED
    if grade == Grade.C2:
        return Whom.LATER
    is_near = last_known_on is not None and (today - last_known_on).days <= LONG_TERM_DAYS
    return Whom.LONG_TERM if is_near else None


def greeting_blockers(*, grade: Grade | str, quiet: Quiet | str) -> list[Blocker]:
    """What stops any greeting to a customer: a wish to be left in peace, or being given up."""
    if quiet in NO_GREETING:
        return [Blocker("wishes_none")]
    if grade == Grade.D:
        return [Blocker("given_up")]
    return []
