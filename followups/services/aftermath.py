"""A contact and what it brings with it: a service case, a wish to be left in peace."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from customers.models import Contact, Customer
from customers.states import Channel, Quiet, QuietReason
from followups.models import Case
from followups.services.cases import open_case
from followups.services.contacts import log_contact
from followups.services.quiet import set_quiet
from followups.states import CaseChannel, CaseKind
from staff.models import Person

CASE_CHANNELS = {
    Channel.CALL: CaseChannel.CALL,
    Channel.WECHAT: CaseChannel.WECHAT,
    Channel.STORE_VISIT: CaseChannel.STORE,
    Channel.EMAIL: CaseChannel.EMAIL,
}


@dataclass(frozen=True, kw_only=True)
class Logged:
    """A contact, and the case it opened."""

    contact: Contact
    case: Case | None


def log_and_act(
    *,
    customer: Customer,
    opens_case: bool,
    wish: Quiet | str,
    by: Person,
    now: datetime,
    key: UUID,
    **said: Any,
) -> Logged:
    """Log a contact (`log_contact`), open a case for the problem it brought up, and note that the
    customer wishes silence: all of it or nothing.

    `key` is the form's own id: sent twice, the same contact and case come back. Raises what these
    services raise.
    """
    act = {"customer": customer, "by": by, "now": now, "key": key, **said}
    if not (opens_case or wish):
        return Logged(contact=log_contact(**act), case=None)
    return _log_and_follow(opens_case=opens_case, wish=wish, **act)


@transaction.atomic
def _log_and_follow(
    *,
    customer: Customer,
    opens_case: bool,
    wish: Quiet | str,
    by: Person,
    now: datetime,
    key: UUID,
    **said: Any,
) -> Logged:
    said["brings_case"] = opens_case or said.get("brings_case", False)
    contact = log_contact(customer=customer, by=by, now=now, key=key, **said)
    case = None
    if opens_case:
        case = open_case(
            customer=contact.customer,
            kind=CaseKind.PROBLEM,
            channel=CASE_CHANNELS.get(Channel(contact.channel), CaseChannel.VISIT),
            text=contact.note or _("A problem was told, see the contact."),
            contact=contact,
            by=by,
            now=now,
            key=uuid5(key, "case"),
        )
    if wish:
        set_quiet(
            customer=contact.customer,
            quiet=wish,
            reason=QuietReason.ASKED,
            contact=contact,
            by=by,
            now=now,
        )
    return Logged(contact=contact, case=case)
