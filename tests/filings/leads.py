"""Leads for tests: a house with a store, a team and their people, and filings made in it."""

from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from core.phones import normalise
from customers.models import Customer
from customers.services import register_customer
from customers.states import ExpectedPurchase, Grade
from filings import services
from filings.models import Filing
from filings.services import Lead
from staff.models import Notice, Person
from staff.states import NoticeKind, Role, StoreKind
from staff.told import sentence
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory

_numbers = count(1)


def told_of(kind: NoticeKind, person: Person) -> list[str]:
    """What this person was told of one kind, in words, the first on top."""
    rows = Notice.objects.filter(person=person, kind=kind).order_by("pk")
    return [sentence(row.kind, row.params) for row in rows]


class House:
    """Two stores and a team of one region, a store of another, and who works there."""

    def __init__(self) -> None:
        self.home = RegionFactory(name="杭州区", places="杭州、余杭")
        self.away = RegionFactory(name="宁波区", places="宁波")
        self.store = StoreFactory(region=self.home, name="西湖店")
        self.other = StoreFactory(region=self.home, name="滨江店")
        self.team = StoreFactory(region=self.home, name="杭州业务部", kind=StoreKind.FIELD_TEAM)
        self.far = StoreFactory(region=self.away, name="宁波店")
        self.seller = self._person(Role.SALES_STORE, self.store, "林晓月")
        self.colleague = self._person(Role.SALES_STORE, self.store, "孙鹏")
        self.manager = self._person(Role.STORE_MANAGER, self.store, "周立强")
        self.stranger = self._person(Role.SALES_STORE, self.other, "李娜")
        self.stranger_manager = self._person(Role.STORE_MANAGER, self.other, "王芳")
        self.field = self._person(Role.SALES_FIELD, self.team, "梁凯")
        self.supervisor = self._person(Role.FIELD_SUPERVISOR, self.team, "韩冬")
        self.far_seller = self._person(Role.SALES_STORE, self.far, "秦雷")
        self.ops = self._person(Role.OPS_MANAGER, None, "何文静")
        self.finance = self._person(Role.FINANCE, None, "沈佳")

    def _person(self, role, store, name) -> Person:
        return PersonFactory(role=role, store=store, name=name, language="en")

    def customer(self, owner: Person, *, now: datetime, place: str = "杭州市余杭区") -> Customer:
        number = next(_numbers)
        return register_customer(
            name=f"客户{number}", phones=[normalise(f"13700{number:06}")], store=owner.store,
            owner=owner, grade=Grade.B1, by=owner, now=now, need="沙发",
            address=f"{place}良渚小区{number}幢1单元{100 + number}室",
            expected_purchase=ExpectedPurchase.MONTH,
        )  # fmt: skip

    def filing(self, filer: Person, *, now: datetime | None = None, **lead) -> Filing:
        """A filing of `filer`, for a customer of their own, admitted."""
        at = now or timezone.now()
        customer = lead.pop("customer", None) or self.customer(filer, now=at, **lead)
        made = services.file_lead(
            customer=customer,
            lead=Lead(project=customer.projects.get(), acquired_at=at - timedelta(hours=2)),
            filer=filer, by=filer, now=at,
        )  # fmt: skip
        assert made.submitted_at is not None, "the card lacks something"
        return made
