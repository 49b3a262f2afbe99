"""Disputes for tests: two sides of one customer, and whoever decides."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.phones import normalise
from customers.rules import NextStep
from customers.services import record_contact, register_customer
from customers.states import Channel, ExpectedPurchase, Grade, NextKind, Outcome, Reason
from filings import services
from filings.models import Deal, Dispute
from filings.services import Lead, Sale
from filings.services.contesting import contest
from staff.states import Role, StoreKind
from tests.factories.staff import DutyFactory, PersonFactory, RegionFactory, StoreFactory

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 10, 0, tzinfo=ZONE)
ADDRESS = "杭州市余杭区绿城百合公寓6幢1单元1102室"


class Scene:
    """A salesman who files, a guide who sells later, their managers, operations, and the boss."""

    def __init__(self, *, phone="13800138001", address=ADDRESS) -> None:
        region = RegionFactory(places="杭州、余杭")
        self.team = StoreFactory(name="业务部", region=region, kind=StoreKind.FIELD_TEAM)
        self.shop = StoreFactory(name="金水店", region=region)
        self.salesman = PersonFactory(name="林晓", role=Role.SALES_FIELD, store=self.team)
        self.guide = PersonFactory(name="王倩", store=self.shop)
        self.mate = PersonFactory(name="李敏", store=self.shop)
        self.supervisor = PersonFactory(role=Role.FIELD_SUPERVISOR, store=self.team)
        self.manager = PersonFactory(name="周店长", role=Role.STORE_MANAGER, store=self.shop)
        self.ops = PersonFactory(name="何经理", role=Role.OPS_MANAGER)
        self.boss = PersonFactory(name="总经理", role=Role.MARKETING_MANAGER)
        DutyFactory(person=self.boss, kind="appeal")
        self.customer = self.register(phone=phone, address=address)
        self.project = self.customer.projects.get()

    def register(self, *, phone, address, owner=None, name="陈女士"):
        owner = owner or self.salesman
        return register_customer(
            name=name, phones=[normalise(phone)], store=owner.store, owner=owner, grade=Grade.B1,
            by=owner, now=START - timedelta(minutes=30), address=address, need="沙发",
            expected_purchase=ExpectedPurchase.MONTH,
        )  # fmt: skip

    def file(self, person, *, at=START, customer=None, **options):
        customer = customer or self.customer
        project = options.pop("project", None) or customer.projects.order_by("pk").first()
        lead = Lead(project=project, acquired_at=at - timedelta(minutes=35), **options)
        return services.file_lead(customer=customer, lead=lead, filer=person, by=person, now=at)

    def call(self, person, at, *, reached=True, occurred_at=None):
        contact = record_contact(
            customer=self.customer, channel=Channel.CALL, by=person, now=at, today=at.date(),
            outcome=Outcome.CONNECTED if reached else Outcome.UNANSWERED,
            reason=Reason.OTHER if reached else "",
            next_step=NextStep(kind=NextKind.CALL, on=at.date() + timedelta(days=3))
            if reached
            else None,
            retry_on=None if reached else at.date() + timedelta(days=2),
            project=self.project, occurred_at=occurred_at,
        )  # fmt: skip
        services.extend_protection(contact=contact)
        return contact

    def deposit(self, closer, at, *, customer=None, project=None, order_no=""):
        customer = customer or self.customer
        order_no = order_no or f"DD-{customer.pk}"
        sale = Sale(
            customer=customer, project=project or customer.projects.order_by("pk").first(),
            closer=closer, store=closer.store, amount=20000, order_no=order_no,
        )  # fmt: skip
        services.settle(sale, by=closer, now=at)
        return Deal.objects.get(order_no=order_no)

    def contested(self, *, closer=None) -> Dispute:
        """The salesman filed and followed up, the guide took the deposit and contests."""
        self.file(self.salesman)
        self.call(self.salesman, START + timedelta(days=3))
        self.deposit(closer or self.guide, START + timedelta(days=5))
        return contest(
            customer=self.customer, reason="首次到店由我接待", by=closer or self.guide,
            now=START + timedelta(days=6),
        )  # fmt: skip
