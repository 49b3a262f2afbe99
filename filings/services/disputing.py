"""Bringing a question before whoever decides it (归属裁定台)."""

from datetime import datetime

from customers.models import Customer, Project
from filings.models import Deal, Dispute, Filing, Party
from filings.states import DisputeKind, Invalid
from staff.models import Person

# Two statements of one kind about one project are one question.
OPEN = ("open", "proof")


def _parties(dispute: Dispute) -> list[Party]:
    """Who is on a side: each filer of the customer's leads who was not refused for cause, and the
    closer of the deal.
    """
    judged = Filing.objects.filter(
        customer=dispute.customer_id, submitted_at__isnull=False,
        invalid__in=["", Invalid.LATER_FILER],
    )  # fmt: skip
    parties = {
        filing.holder_id: Party(dispute=dispute, person=filing.holder, filing=filing)
        for filing in judged.select_related("holder").order_by("pk")
    }
    if dispute.deal is not None and dispute.deal.closer_id not in parties:
        parties[dispute.deal.closer_id] = Party(dispute=dispute, person=dispute.deal.closer)
    return list(parties.values())


def open_dispute(
    *,
    kind: DisputeKind,
    by: Person | None,
    at: datetime,
    deal: Deal | None = None,
    customer: Customer | None = None,
    project: Project | None = None,
    question: str = "",
) -> Dispute:
    """Put one question onto the bench; asked already, it is the one that waits.

    The caller holds the customer.
    """
    project = project or (deal.project if deal else None)
    customer = customer or (deal.customer if deal else None)
    if project is None or customer is None:
        raise ValueError("a dispute is about a project of a customer")
    waiting = Dispute.objects.filter(project=project, kind=kind, state__in=OPEN).first()
    if waiting is not None:
        return waiting
    dispute = Dispute.objects.create(
        customer=customer, project=project, kind=kind, deal=deal, question=question[:400],
        opened_at=at, opened_by=by,
    )  # fmt: skip
    Party.objects.bulk_create(_parties(dispute))
    return dispute
