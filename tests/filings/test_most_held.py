"""How many filings somebody holds at once, where that is limited (PUL-05)."""

import pytest

from filings import services
from filings.models import Policy
from filings.services import LeadNotFiled, Sale
from tests.filings.held import filed

pytestmark = pytest.mark.django_db


def test_what_was_sold_counts_no_more_until_the_deposit_goes_back(company):
    me = company.sales_store
    Policy.objects.update(most_held=1)
    filing = filed(me)
    with pytest.raises(LeadNotFiled):
        filed(me)

    sale = Sale(customer=filing.customer, project=filing.project, closer=me, store=me.store)
    services.settle(sale, by=me)
    second = filed(me)
    services.void_filing(filing=second, reason="录错", by=me, is_manager=False)
    services.undo_deal(deal=filing.deals.get(), reason="退订", by=company.store_manager)
    with pytest.raises(LeadNotFiled):
        filed(me)
