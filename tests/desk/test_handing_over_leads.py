"""A leaver's leads go with the customers: the priority kept, a new duty, parties stay (ADJ-06)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from customers.models import Access, HandOver
from desk import leaving
from desk.leaving_sheet import report_workbook
from desk.services import handing_over as services
from filings.models import Filing, FilingEvent, Party
from filings.queries import protecting
from filings.services.disputing import open_dispute
from filings.states import DisputeKind, EventKind
from staff.scope import reach_of
from staff.states import Role
from tests.factories.staff import PersonFactory
from tests.orders.stage import customer_of, file, filed, stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return stage()


def leave(leaver, *receivers, by):
    """`leaver` hands everything over, now."""
    job = services.hand_over(
        leaver=leaver, receivers=list(receivers), reason="离职", by=by, now=timezone.now(),
        key=uuid4(),
    )  # fmt: skip
    services.done_at_once(job, customers=0)
    return HandOver.objects.get()


def test_all_that_is_held_goes_along(cast):
    now = timezone.now()
    manager = PersonFactory(store=cast.store, role=Role.STORE_MANAGER)
    receiver = PersonFactory(store=cast.store, role=Role.SALES_STORE)
    own = customer_of(cast.filer, now=now - timedelta(days=2))
    first = filed(own, cast.filer, now=now - timedelta(days=2))
    others = customer_of(manager, phone="13911204476", now=now - timedelta(hours=3))
    second = filed(others, cast.filer, now=now - timedelta(hours=2))
    unclear = customer_of(cast.filer, phone="13911204477", address="", now=now)
    draft = file(unclear, cast.filer, now=now)
    assert draft.submitted_at is None
    dispute = open_dispute(
        kind=DisputeKind.CONTESTED, by=None, at=now, customer=own, project=first.project
    )
    assert leaving.in_hand(cast.filer, now=now).filings == 3

    handed = leave(cast.filer, receiver, by=manager)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.holder, first.filer) == (receiver, cast.filer)
    assert first.submitted_at == now - timedelta(days=2)
    assert second.holder == receiver
    assert Access.objects.filter(customer=others, person=receiver).exists()
    assert list(protecting(customer=own, now=timezone.now())) == [first]
    assert FilingEvent.objects.filter(kind=EventKind.HANDED_OVER).count() == 2
    new = Filing.objects.get(filer=receiver)
    assert (new.submitted_at, new.project) == (None, draft.project)
    assert Party.objects.get(dispute=dispute).person == cast.filer
    [share] = leaving.shares_of(handed)
    assert sorted(share.filings) == [first.pk, second.pk]
    assert list(share.drafts) == [new.pk]
    assert not leaving.in_hand(cast.filer, now=timezone.now()).filings
    reach = reach_of(manager, today=timezone.localdate())
    assert report_workbook(handed, reach=reach, reader=manager)[1] >= 4
