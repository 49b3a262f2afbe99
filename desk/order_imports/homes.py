"""For which project each order of a sheet is (decision 1): the address tells, as at the till."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from core.addresses import key_of_address
from customers.models import Customer, Project
from desk.imports.standing import among
from filings.services import TRADES_OF_HOMES
from orders.services.importing import Brought


class Homes:
    """The projects of the customers of a sheet; one that is missing is begun."""

    def __init__(self, customers: Collection[int], brought: Brought) -> None:
        self.brought = brought
        self.by_customer: dict[int, list[Project]] = defaultdict(list)
        self.card_keys: dict[int, str] = {}
        if not customers:
            return
        ids = list(customers)
        rows = among(Project.objects.filter(joined_to=None), "customer_id", ids)
        for project in rows.order_by("pk"):
            self.by_customer[project.customer_id].append(project)
        cards = among(Customer.objects.all(), "id", ids)
        self.card_keys = dict(cards.values_list("pk", "address_key"))

    def project_for(self, customer: int, *, address: str, trade: str) -> int:
        """The project of this customer that an order for this address is for."""
        standing = self.by_customer[customer]
        found = self._among(standing, customer, address=address, trade=trade)
        if found is None:
            found = Project.objects.create(
                customer_id=customer,
                address=address,
                address_key=key_of_address(address),
                opened_at=self.brought.now,
                opened_by=self.brought.by,
            )
            standing.append(found)
        return found.pk

    def _among(
        self, standing: Sequence[Project], customer: int, *, address: str, trade: str
    ) -> Project | None:
        if not standing or trade not in TRADES_OF_HOMES:
            return standing[-1] if standing else None
        if not address:
            return standing[0]
        key, of_card = key_of_address(address), self.card_keys.get(customer, "")
        same = [one for one in standing if (one.address_key or of_card) == key]
        if same:
            return same[0]
        only = standing[0]
        is_unknown = len(standing) == 1 and not only.address_key and not of_card
        return only if is_unknown else None
