"""A dispute under decision: what is held, what stands, and why it may not be decided."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from customers.models import Customer
from filings.models import Dispute, Party
from filings.queries.bench import customers_in
from filings.rules import FilingState
from filings.services.entering import OpenBook
from staff.models import Person


class NotRuled(Refused):
    """A dispute was not decided, or an appeal not."""

    messages = {
        "decided_already": _("Somebody else has decided this already. Their decision stands."),
        "changed_meanwhile": _(
            "Something new has come in since you opened this page. Look at it, then decide."
        ),
        "own_case": _(
            "You are a party to this or may be given it, or act for somebody who is. Somebody else "
            "decides it."
        ),
        "own_credit": _("Nobody gives the credit to themselves, nor to whom they act for."),
        "one_level_up": _("An operations manager is a party: the general manager decides it."),
        "only_operations": _("Who is one customer, and between regions, operations decide."),
        "only_appeals": _("Appeals are decided by the general manager."),
        "own_ruling": _("This appeal is against your own ruling. Somebody else decides it."),
        "not_yours": _("This reaches beyond your store or team: operations decide it."),
        "finding_missing": _("Say what you found."),
        "text_missing": _("Give the reason of the ruling. Both sides will read it."),
        "clauses_missing": _("Cite at least one clause."),
        "clause_unknown": _("There is no clause %(clause)s."),
        "owner_missing": _("Choose whose it is."),
        "owner_foreign": _("Choose one of the parties."),
        "nothing_to_give": _(
            "Without a deposit a ruling says whose filing protects. This side's filing was refused "
            "for a reason that a ruling cannot lift, and no other one stands to be handed over."
        ),
        "merged_already": _(
            "The cards are one by now. Find one customer, or have the merge taken apart first."
        ),
        "nothing_to_share": _("Without a deposit there is no credit to share. Choose one."),
        "shares_of_two": _("Two people share at least; else choose one of them."),
        "shares_not_whole": _("The shares make up %(sum)s %%; they have to make up 100 %%."),
    }


@dataclass(kw_only=True)
class Bench:
    """A dispute under decision: its parties, the open books of its customers, the moment."""

    dispute: Dispute
    parties: list[Party]
    books: dict[int, OpenBook]
    at: datetime
    by: Person
    later: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    handed: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    credited: list[int] = field(default_factory=list)

    @property
    def own_book(self) -> OpenBook:
        """The book of the customer in whose name the dispute is."""
        return self.books[self.dispute.customer_id]

    def states(self, projects: Collection[int]) -> list[tuple[OpenBook, FilingState]]:
        """The filings that are judged: of the project, or of the two that are found one."""
        return [
            (book, state)
            for book in self.books.values()
            for state in book.book.filings.values()
            if state.project in projects
        ]


def open_bench(dispute: Dispute, *, by: Person, now: datetime | None) -> Bench:
    """The customers under lock, in order, and what stands; the clock is read after it."""
    found = Dispute.objects.select_related("suspicion", "deal__closer", "project").get(
        pk=dispute.pk
    )
    rows = Customer.objects.filter(pk__in=customers_in(found)).order_by("pk")
    # Locked alone, read after: see `hold_customer`.
    list(rows.select_for_update(no_key=True).values_list("pk"))
    customers = list(rows.select_related("store", "owner"))
    found.refresh_from_db(fields=["state", "version", "closed_by", "deal", "customer", "project"])
    if found.customer_id not in {customer.pk for customer in customers}:
        raise NotRuled.because("changed_meanwhile")  # the card was merged while this waited
    parties = list(found.parties.select_related("person", "filing").order_by("pk"))
    books = {customer.pk: OpenBook(customer) for customer in customers}
    return Bench(
        dispute=found,
        parties=parties,
        books=books,
        # One moment for all that the ruling enters: by it what it did is known afterwards.
        at=max(book.moment(now) for book in books.values()),
        by=by,
    )
