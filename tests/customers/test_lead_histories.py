"""Nothing waits unseen: whatever happens, an open lead is held by somebody who is there.

Held means: an offer that runs, to somebody who can sign in; or waiting, visible to the leader of
its store or, where there is none, to marketing and operations.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.models import Lead, LeadOffer
from customers.queries.leads import leads_to_answer
from customers.services import dispatch
from customers.services.leads import LeadNotChanged, discard_lead
from customers.states import OPEN_LEADS, LeadState, OfferState
from desk.services.leads import accept_lead
from staff.models import Person, Store
from staff.scope import reach_of
from staff.states import Role
from tests.examples import examples
from tests.factories.leads import lead, on_duty, source
from tests.factories.staff import PersonFactory
from tests.followups.build import at, shop

pytestmark = pytest.mark.django_db
BEGIN = at("2026-03-12 08:00")
ACTS = (
    "arrive", "arrive elsewhere", "pass", "accept", "hand out", "to a store", "leave", "come back",
    "close the store", "discard", "sweep",
)  # fmt: skip


class World:
    """Two stores with people, and the acts that may happen to their leads."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.shops = [shop(), shop()]
        self.ops = PersonFactory(role=Role.OPS_MANAGER)
        self.sources = [source(store=self.shops[0].store), source()]
        self.people = [each.seller for each in self.shops]
        self.people += [PersonFactory(store=self.shops[0].store)]
        for day in range(3):
            on = (BEGIN + timedelta(days=day)).date()
            on_duty(self.shops[0].store, self.people[0], self.people[2], on=on)
            on_duty(self.shops[1].store, self.people[1], on=on)

    def do(self, act: str, which: int) -> None:
        person = self.people[which % len(self.people)]
        open_leads = Lead.objects.filter(state__in=OPEN_LEADS).order_by("pk")
        found = open_leads[which % max(open_leads.count(), 1) :].first()
        with suppress(LeadNotChanged):
            self._do(act, which, person, found)

    def _do(self, act: str, which: int, person: Person, found: Lead | None) -> None:
        if act.startswith("arrive"):
            lead(origin=self.sources[act != "arrive"], now=self.now)
        elif act in ("leave", "come back"):
            Person.objects.filter(pk=person.pk).update(is_active=act == "come back")
        elif act == "close the store":
            store = self.shops[which % 2].store
            Store.objects.filter(pk=store.pk).update(is_active=which % 4 < 2)
        elif act == "sweep" or found is None:
            dispatch.sweep(now=self.now)
        elif act == "pass":
            dispatch.pass_lead(lead=found, by=person, now=self.now)
        elif act == "accept":
            accept_lead(lead=found, by=person, now=self.now)
        elif act == "hand out":
            dispatch.assign_lead(lead=found, person=person, by=self.ops, now=self.now)
        elif act == "to a store":
            store = self.shops[which % 2].store
            dispatch.send_to_store(lead=found, store=store, by=self.ops, now=self.now)
        else:
            discard_lead(lead=found, reason="推销", by=self.ops, now=self.now)

    def unseen(self) -> list[int]:
        """Open leads that nobody who is there has before them."""
        missing = []
        by_ops = set(leads_to_answer(reach_of(self.ops, today=self.now.date())).values_list("pk"))
        for each in Lead.objects.filter(state__in=OPEN_LEADS):
            offers = LeadOffer.objects.filter(lead=each, state=OfferState.OPEN)
            if each.state == LeadState.OFFERED:
                seen = offers.filter(person__is_active=True, lapses_at__gt=self.now).count() == 1
            else:
                seen = not offers.exists() and (each.pk,) in by_ops and self._by_leader(each)
            if not seen:
                missing.append(each.pk)
        return missing

    def _by_leader(self, each: Lead) -> bool:
        leaders = Person.objects.filter(
            store=each.store_id, is_active=True, role=Role.STORE_MANAGER
        ).exclude(store=None)
        reaches = [reach_of(leader, today=self.now.date()) for leader in leaders]
        return all(leads_to_answer(reach).filter(pk=each.pk).exists() for reach in reaches)


@examples(12)
@given(
    history=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 11), st.integers(0, 40)),
        min_size=1, max_size=25,
    )
)  # fmt: skip
def test_after_a_sweep_every_open_lead_is_before_somebody_who_is_there(history):
    world = World()
    for act, which, minutes in history:
        world.now += timedelta(minutes=minutes)
        world.do(act, which)
    dispatch.sweep(now=world.now)
    assert world.unseen() == []
    assert dispatch.sweep(now=world.now).offered == 0
