"""Who brought this customer, whom they brought, and what is due for it (AFT-18)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core.phones import mask_in_text
from customers import queries
from customers.models import Customer
from customers.queries import MaskedCustomer
from customers.queries.referrals import MOST, first_of_chain, links_below
from customers.rules.referrals import Branch, tree_of
from followups.models import Obligation
from followups.states import Anchor, State
from staff.scope import REGISTERING_ROLES, Reach


@dataclass(kw_only=True)
class Node:
    """One customer of the chain as the page draws it; who is out of reach has no name."""

    name: str
    url: str
    grade: str
    has_bought: bool
    is_here: bool
    brought: list["Node"] = field(default_factory=list)


def _node(branch: Branch, rows: Mapping[int, Customer], here: int) -> Node:
    row = rows.get(branch.customer_id)
    return Node(
        name=mask_in_text(row.name) if row else _("a customer of somebody else"),
        url=reverse("desk:customer", args=[row.pk]) if row else "",
        grade=row.grade if row else "",
        has_bought=bool(row and row.bought_count),
        is_here=branch.customer_id == here,
        brought=[_node(each, rows, here) for each in branch.brought],
    )


def _of(branch: Branch, customer_id: int) -> Branch:
    """The part of the chain that begins with this customer."""
    waiting = [branch]
    while waiting:
        each = waiting.pop()
        if each.customer_id == customer_id:
            return each
        waiting += each.brought
    return Branch(customer_id=customer_id)


def _ids(branch: Branch) -> list[int]:
    return [pk for each in branch.brought for pk in (each.customer_id, *_ids(each))]


def content(
    customer: MaskedCustomer, *, reader: Reach, request_get: QueryDict, now: datetime
) -> dict[str, object]:
    """What the tab shows: the chain from its first on, figures, thanks that are due."""
    top = first_of_chain(customer)
    links = links_below(top)
    chain = tree_of(links, root=top)
    ids = [link.customer_id for link in links]
    visible = queries.visible(reader).filter(pk__in=ids)
    rows = {row.pk: row for row in visible.only("name", "grade", "bought_count")}
    own = _of(chain, customer.pk)
    below = _ids(own)
    due = Obligation.objects.filter(
        customer=customer, step__anchor=Anchor.REFERRAL, state=State.OPEN
    ).order_by("due_on", "pk")
    register = reverse("desk:register") if reader.has_role(REGISTERING_ROLES) else ""
    return {
        "chain": _node(chain, rows, customer.pk),
        "is_alone": len(ids) == 1,
        "is_cut": len(links) >= MOST,
        "stats": [
            {"value": len(own.brought), "label": _("brought")},
            {"value": len(below), "label": _("brought, with those they brought")},
            {
                "value": Customer.objects.filter(pk__in=below, bought_count__gt=0).count(),
                "label": _("of them have bought"),
            },
        ],
        "said_referrer": mask_in_text(customer.referrer_text),
        "designer_url": reverse("customers:designer", args=[customer.designer_id])
        if customer.designer_id
        else "",
        "designer": mask_in_text(customer.designer.name) if customer.designer else "",
        "thanks": [row.due_on for row in due],
        "register_url": f"{register}?source=owner_referral&brought_by={customer.pk}"
        if register
        else "",
    }
