"""Asking whose a number is, before anything else is typed: answered, counted and limited."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from core.addresses import key_of_address
from core.keyring import keyring
from core.models import AuditEntry
from core.phones import Phone
from core.refusals import Refused
from core.services import audit
from customers.models import Customer, CustomerPhone
from staff.models import Person

LOOK_UPS_AN_HOUR = 60
HOUR = timedelta(hours=1)
VERB = "look_up"


class NumberNotLookedUp(Refused):
    """A number was not looked up."""

    messages = {
        "limit_reached": _(
            "You have looked up %(limit)s numbers within an hour. Wait a while before you look up "
            "or register another one."
        ),
    }


def look_up_number(
    *, phone: Phone, by: Person, now: datetime, address: str = ""
) -> Customer | None:
    """Whose number this is, for a screen that says no more than that it is known (decision 4).

    Each number asked about counts once an hour, in the audit trail: there it outlives the cache,
    and whoever tries out numbers is seen. With an `address` that the answer depends on, each home
    asked about counts like a number. Raises NumberNotLookedUp.
    """
    key = keyring().index(phone.e164)
    home = key_of_address(address)
    mark = (keyring().index(f"{phone.e164} {home}") if home else key).hex()[:12]
    asked = AuditEntry.objects.filter(by=by, verb=VERB, at__gt=now - HOUR)
    marks = set(asked.values_list("detail__mark", flat=True))
    if mark not in marks and len(marks) >= LOOK_UPS_AN_HOUR:
        raise NumberNotLookedUp.because("limit_reached", limit=LOOK_UPS_AN_HOUR)

    number = CustomerPhone.objects.select_related("customer").filter(key=key).first()

    if mark not in marks:
        audit.record(verb=VERB, of=by, by=by, mark=mark, known=number is not None)
    return number.customer if number else None
