"""The worked cases, played through the real services against the database, the clock set."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

from core.addresses import key_of_address
from core.keyring import keyring
from core.phones import normalise
from customers.models import Customer, CustomerPhone, Project
from customers.rules import NextStep
from customers.services import record_contact, register_customer
from customers.states import Channel, ExpectedPurchase, Grade, NextKind, Outcome, Reason
from filings import services
from filings.models import Deal, Filing, Measuring
from filings.services import Lead, Sale
from filings.services.requests import ExtensionNotAsked, ask_extension, decide_extension
from filings.states import RequestKind, RequestReason
from staff.models import Person
from staff.states import Role, StoreKind
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.filings.pictures import picture_of

CASES = json.loads(Path(__file__).with_name("cases.json").read_text())
ROLES = {
    "导购": Role.SALES_STORE, "业务员": Role.SALES_FIELD, "店长": Role.STORE_MANAGER,
    "销售助理": Role.SALES_FIELD, "部门经理(业务)": Role.FIELD_SUPERVISOR,
    "运营经理": Role.OPS_MANAGER,
}  # fmt: skip
CHANNELS = {
    "call_connected": (Channel.CALL, Outcome.CONNECTED),
    "wechat_reply": (Channel.WECHAT, Outcome.REPLIED),
    "visit": (Channel.HOME_VISIT, Outcome.MET),
    "store_visit": (Channel.STORE_VISIT, Outcome.MET),
    "call_unanswered": (Channel.CALL, Outcome.UNANSWERED),
    "sms_bulk": (Channel.SMS, Outcome.SENT),
}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Cast:
    """The people of a file of cases, in their stores and regions."""

    def __init__(self, cast) -> None:
        places = {"R1": "杭州、余杭、西湖、滨江", "R2": "宁波"}
        self.regions = {
            name: RegionFactory(name=f"区域{name}", places=words) for name, words in places.items()
        }
        self.stores = {}
        self.people: dict[str, Person] = {}
        for key, who in cast.items():
            self.people[key] = self._person(key, who)

    def _person(self, key, who):
        store = self.stores.get(who["unit"])
        if store is None:
            kind = StoreKind.FIELD_TEAM if who["dept"] == "biz" else StoreKind.STORE
            store = StoreFactory(code=who["unit"], region=self.regions[who["region"]], kind=kind)
            self.stores[who["unit"]] = store
        return PersonFactory(username=key.lower(), role=ROLES[who["role"]], store=store)


class Play:
    """One case on the stage: each event through the service that a screen would call."""

    def __init__(self, case, cast: Cast) -> None:
        self.case, self.cast = case, cast
        self.filings: dict[str, Filing] = {}
        self.projects: dict[tuple[int, str], Project] = {}
        self.rulings = {}
        self.statuses = {}
        self.requests = {}
        self.refused = []
        self.prefilled: list[Filing] = []
        self._prefill()

    def _prefill(self):
        """Filings of the month before the case begins, as many as are told."""
        for key, months in self.case.get("quota_prefill", {}).items():
            person = self.cast.people[key]
            for month, known in months.items():
                for index in range(known["admitted"]):
                    at = datetime.fromisoformat(f"{month}-01T08:00:00+08:00")
                    at += timedelta(minutes=index)
                    self._fill(person, at, f"1{9_100_000_000 + index + person.pk * 100}")

    def _fill(self, person, at, phone):
        customer = self._customer({"name": "前客", "phone": phone,
                                   "address": f"杭州市余杭区前小区{phone[-3:]}幢1单元101室"},
                                  person, at)  # fmt: skip
        lead = Lead(project=customer.projects.get(), acquired_at=at)
        filing = services.file_lead(customer=customer, lead=lead, filer=person, by=person, now=at)
        assert filing.invalid == ""
        assert filing.submitted_at
        self.prefilled.append(filing)

    def _customer(self, typed, person, at) -> Customer:
        phone = normalise(typed["phone"]) if typed.get("phone") else None
        if phone is not None:
            known = CustomerPhone.objects.filter(key=keyring().index(phone.e164)).first()
            if known:
                return known.customer
        store = person.store
        return register_customer(
            name=typed["name"], phones=[phone] if phone else [], store=store, owner=person,
            grade=Grade.B1, by=person, now=at, address=typed.get("address", ""), need="沙发",
            expected_purchase=ExpectedPurchase.MONTH, wechat="" if phone else "wx",
        )  # fmt: skip

    def _project(self, customer, name, typed) -> Project:
        found = self.projects.get((customer.pk, name))
        if found is None:
            own = customer.projects.order_by("pk").first()
            is_first = not any(pk == customer.pk for pk, _name in self.projects)
            address = typed.get("address", "")
            found = own if is_first else Project.objects.create(
                customer=customer, address=address, opened_by=customer.registered_by,
                address_key=key_of_address(address),
            )  # fmt: skip
            self.projects[customer.pk, name] = found
        return found

    def run(self):
        for at, _index, kind, event in sorted(self._heard(), key=lambda each: each[:2]):
            getattr(self, f"_{kind}")(event, at)
        return self

    def _heard(self):
        """What the system hears, and when: an extension is asked for before it is decided."""
        for index, event in enumerate(self.case["events"]):
            if event["type"] == "extension":
                yield moment(event["requested_at"]), index, "asked", event
            yield moment(event["at"]), index, event["type"], event

    def _file(self, event, at):
        person = self.cast.people[event["actor"]]
        typed = event["customer"]
        customer = self._customer(typed, person, at)
        name = self.case.get("projects", {}).get(event["filing"], "P1")
        project = self._project(customer, name, typed)
        is_new = len({key for key in self.projects if key[0] == customer.pk}) > 1
        lead = Lead(
            project=project, acquired_at=moment(event["acquired_at"]), is_new_project=is_new,
            project_reason="第二套房" if is_new else "",
        )  # fmt: skip
        self.filings[event["filing"]] = services.file_lead(
            customer=customer, lead=lead, filer=person, by=person, now=at
        )

    def _complete(self, event, at):
        filing = self.filings[event["filing"]]
        address = event["customer"].get("address", "")
        if address:
            Customer.objects.filter(pk=filing.customer_id).update(address=address)
            filing.project.refresh_from_db()
        services.complete_drafts(customer=filing.customer, by=filing.filer, now=at)

    def _followup(self, event, at):
        if event["channel"] == "edit":
            return None
        channel, outcome = CHANNELS[event["channel"]]
        filing = self.filings[event["filing"]]
        filing.refresh_from_db()
        by = self.cast.people[event["actor"]]
        held_for = event.get("on_behalf_of")
        reached = outcome in (Outcome.CONNECTED, Outcome.REPLIED, Outcome.MET)
        day = at.date() + timedelta(days=3)
        contact = record_contact(
            customer=Customer.objects.select_related("store", "owner").get(pk=filing.customer_id),
            channel=channel, outcome=outcome, by=by, now=at, today=at.date(),
            reason=Reason.OTHER if reached else "",
            next_step=NextStep(kind=NextKind.CALL, on=day) if reached else None,
            retry_on=None if reached else day, project=filing.project,
            occurred_at=moment(event["occurred_at"]) if event.get("occurred_at") else None,
            on_behalf_of=self.cast.people[held_for] if held_for else None,
        )  # fmt: skip
        services.extend_protection(contact=contact)
        return contact

    def _measure(self, event, at):
        filing = self.filings[event["filing"]]
        by = self.cast.people[event["actor"]]
        contact = record_contact(
            customer=Customer.objects.select_related("store", "owner").get(pk=filing.customer_id),
            channel=Channel.MEASURING, outcome=Outcome.MET, by=by, now=at, today=at.date(),
            reason=Reason.DESIGN, project=filing.project,
            next_step=NextStep(kind=NextKind.CALL, on=at.date() + timedelta(days=3)),
        )  # fmt: skip
        measuring = Measuring.objects.create(
            customer=filing.customer, project=filing.project, contact=contact,
            picture=picture_of(filing.customer, by, at), at=at, by=by,
        )  # fmt: skip
        services.note_measuring(measuring=measuring)

    def _asked(self, event, at):
        filing = self.filings[event["filing"]]
        try:
            self.requests[event["filing"]] = ask_extension(
                filing=filing, kind=RequestKind.LIMIT, reason=RequestReason.DECORATION,
                until=date.fromisoformat(event["until"]), by=filing.filer, now=at,
            )  # fmt: skip
        except ExtensionNotAsked as refusal:
            self.refused.append(refusal.codes)

    def _extension(self, event, at):
        request = self.requests.get(event["filing"])
        if request is None:
            return
        until = date.fromisoformat(event["until"]) if event["decision"] == "approved" else None
        decide_extension(
            request=request, until=until, by=self.cast.people[event["actor"]], note="见说明",
            now=at,
        )  # fmt: skip

    def _deal_elsewhere(self, event, at):
        """One of this person's filings takes a deposit with themselves."""
        filing = self.prefilled[0]
        person = self.cast.people[event["actor"]]
        filing.refresh_from_db()
        # What came before the case was followed up all the while.
        services.settle(
            Sale(customer=filing.customer, project=filing.project, closer=person,
                 store=person.store, order_no="ELSE"), by=person, now=filing.submitted_at
            + timedelta(days=1)
        )  # fmt: skip
        assert Deal.objects.get(order_no="ELSE").credited_to == person

    def _deposit(self, event, at):
        closer = self.cast.people[event["closer"]]
        customer = self._customer(event["customer"], closer, at)
        project = self._project(customer, event.get("project", "P1"), event["customer"])
        if keeper := self.case.get("existing_customer_owner"):
            Customer.objects.filter(pk=customer.pk).update(
                owner=self.cast.people[keeper], bought_count=1
            )
            customer.refresh_from_db()
        proposal = services.propose(
            Sale(customer=customer, project=project, closer=closer, store=closer.store), now=at
        )
        self.statuses[event["order"]] = proposal.decision.statuses
        self.rulings[event["order"]] = services.settle(
            Sale(customer=customer, project=project, closer=closer, store=closer.store,
                 order_no=event["order"]), by=closer, now=at
        )  # fmt: skip

    def _refund(self, event, at):
        deal = Deal.objects.get(order_no=event["order"])
        services.undo_deal(deal=deal, reason="退定", by=self.cast.people[event["actor"]], now=at)

    def _identity_finding(self, event, at):
        """What operations find is a ruling of its own, on the bench."""
