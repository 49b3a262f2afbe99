"""What people tell of themselves and theirs: birthdays, hours, terms of a car, wishes, friends."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from core.lunar import lunar_days
from core.phones import normalise
from crm.demo.cards import Drafter
from crm.demo.company import MAIN
from crm.demo.names import customer_name, person_name
from crm.demo.stage import DAY, Stage, days_back, keeper_of, owners, prospects
from crm.demo.surveyed import WELL
from customers.models import Customer, OwnedProduct
from customers.rules import NextStep
from customers.services import update_customer
from customers.services.products import SAID, ProductDetails, version_of_product
from customers.states import (
    BuyerRole,
    Channel,
    NextKind,
    Outcome,
    Quiet,
    QuietReason,
    Reason,
    Relation,
)
from followups.models import Task
from followups.queries import greetings as greeting_queries
from followups.services import change_delivery, log_contact, log_with_branches, set_quiet
from followups.services.branches import Branches, NewLead
from followups.services.greetings import send_birthday_greeting
from followups.services.people import add_key_person, add_member
from followups.services.renewals import RenewalSaid
from followups.states import Anchor, Override, Renewal, SentBy, State, Whom, WordingUse
from followups.wording import body_of, fitting, signature_of, whole_text

# New prospects whom owners send; the crowd is smaller by as many.
REFERRED = 4
STORES = ("ZZ01", "ZZ02", "ZZ03", "XA01", "LY01", "ZZYW")
RELATIONS = (
    (Relation.SPOUSE, 1988), (Relation.CHILD, 2016), (Relation.PARENT, 1957),
    (Relation.CHILD, 2019), (Relation.SPOUSE, 1983), (Relation.PARENT, 1960),
)  # fmt: skip
EVENINGS = ((time(19), time(21)), (time(12), time(14)), (time(10), time(11, 30)))
WISHES = (
    ("ZZ01", Quiet.MARKETING, QuietReason.ASKED, "活动短信别发了，保养提醒可以"),
    ("ZZ01", Quiet.ALL, QuietReason.WRONG_PERSON, "号码是他父亲的，老人不愿接"),
    ("ZZ02", Quiet.VISITS, QuietReason.ASKED, "家里有老人静养，别上门"),
    ("ZZ02", Quiet.MARKETING, QuietReason.TOO_OFTEN, "说一周接了三个电话，太多了"),
    ("ZZ02", Quiet.ALL, QuietReason.BOUGHT_ELSEWHERE, "已在别家定齐，请不要再联系"),
    ("XA01", Quiet.MARKETING, QuietReason.TOO_OFTEN, ""),
    ("LY01", Quiet.VISITS, QuietReason.ASKED, "上班在外地，家里没人"),
    ("ZZYW", Quiet.ALL, QuietReason.ASKED, "新房卖掉了，不装了"),
)


def tell_of_people(stage: Stage) -> None:
    """Birthdays near customers, some by the lunar calendar; the people who count in a company."""
    ahead = (2, 5, 8, 12, 15, 19)
    for place, store in enumerate(STORES):
        rows = stage.cast(stage.served(store), 4, scene="family")
        for number, customer in enumerate(rows):
            relation, year = RELATIONS[(place + number) % len(RELATIONS)]
            day = stage.today + ahead[(place * 2 + number) % len(ahead)] * DAY
            _member(stage, customer, relation, year, day, days_ago=20)
    for store, job in (("ZZ01", "物流车队"), ("ZZ02", "精品酒店"), ("XA01", "设计公司")):
        for customer in stage.cast(stage.served(store).filter(prospects()), 1, scene="company"):
            _company(stage, customer, job)


def _member(
    stage: Stage, customer: Customer, relation: Relation, year: int, day: date, *, days_ago: int
) -> None:
    """A member of the household with a birthday on `day`; every third counts by the moon."""
    year += stage.rng.randint(0, 3)
    is_lunar = stage.rng.random() < 0.34
    month, number = day.month, min(day.day, 28 if day.month == 2 else 31)
    if is_lunar:
        _day, lunar = next(lunar_days(day, day))
        month, number = lunar.month, lunar.day
    name = customer.name[0] if relation == Relation.CHILD else ""
    add_member(
        customer=customer, relation=relation,
        name=(name or person_name(stage.rng)[0][0]) + person_name(stage.rng)[0][1:],
        birth_year=year, birth_month=month, birth_day=number, birth_is_lunar=is_lunar,
        by=keeper_of(customer), now=stage.at(days_ago, 15), key=stage.key(),
    )  # fmt: skip


def _company(stage: Stage, customer: Customer, job: str) -> None:
    """A company that buys, and who counts in it."""
    keeper, at = keeper_of(customer), stage.at(12, 11)
    name = f"{stage.rng.choice(('鑫达', '宏图', '锦程', '云栖'))}{job}"
    update_customer(customer=customer, by=keeper, now=at, company=name)
    people = (
        ("总经理", BuyerRole.ECONOMIC_BUYER, "最后拍板，看重交期"),
        ("行政主管", BuyerRole.COACH, "愿意帮着说话，喜欢喝茶"),
        ("财务", BuyerRole.TECHNICAL_ADVISER, "问发票和账期最细"),
    )
    for number, (position, role, note) in enumerate(people):
        day = stage.today + (4 + 9 * number) * DAY
        add_key_person(
            customer=customer, name=person_name(stage.rng)[0], position=position, role=role,
            note=note, birth_month=day.month, birth_day=min(day.day, 28), birth_is_lunar=False,
            by=keeper, now=at, key=stage.key(),
        )  # fmt: skip


def tell_of_hours(stage: Stage) -> None:
    """Some may be called at certain hours alone."""
    for place, store in enumerate(STORES):
        for number, customer in enumerate(stage.cast(stage.served(store), 2, scene="hours")):
            start, end = EVENINGS[(place + number) % len(EVENINGS)]
            update_customer(
                customer=customer, by=keeper_of(customer), now=stage.at(15, 14),
                contact_from=start, contact_until=end,
            )  # fmt: skip


def tell_of_wishes(stage: Stage) -> None:
    """Some do not wish to be contacted: of each kind, with the reason."""
    for ago, (store, quiet, reason, note) in zip(days_back(40, len(WISHES)), WISHES, strict=True):
        for customer in stage.cast(
            stage.served(store).exclude(owner__username=MAIN), 1, scene="wish"
        ):
            set_quiet(
                customer=customer, quiet=quiet, reason=reason, note=note,
                by=keeper_of(customer), now=stage.at(ago + 1, 16),
            )  # fmt: skip


def tell_of_terms(stage: Stage) -> None:
    """Insurances that end within two months, first services and warranties that come up."""
    terms = (
        {"insurance_until": 33}, {"insurance_until": 47}, {"insurance_until": 58},
        {"first_service_on": 16}, {"first_service_on": 24}, {"warranty_until": 33},
        {"insurance_until": 40},
    )  # fmt: skip
    for store in ("ZZ01", "LY01"):
        cars = stage.served(store).filter(owners(), products__gone_on=None)
        for customer, days in zip(
            stage.cast(cars.distinct(), len(terms), scene="terms"), terms, strict=False
        ):
            product = customer.products.filter(gone_on=None).order_by("-pk")[0]
            days_of = {name: stage.today + ahead * DAY for name, ahead in days.items()}
            _correct(stage, customer, product, days_of)


def _correct(
    stage: Stage, customer: Customer, product: OwnedProduct, days: dict[str, date]
) -> None:
    """Write these days on the card of a product."""
    said = {name: getattr(product, name) for name in SAID}
    details: dict[str, Any] = {name: said[name] for name in ProductDetails.__dataclass_fields__}
    insured = days.pop("insurance_until", product.insurance_until)
    change_delivery(
        product=product,
        seen=version_of_product(product),
        name=product.product,
        serial=product.serial,
        sold_by=product.sold_by,
        purchased_on=product.purchased_on,
        delivered_on=product.delivered_on,
        delivered_at=product.delivered_at,
        insurance_until=insured,
        details=ProductDetails(**details | days),
        by=keeper_of(customer),
        now=stage.at(1, 17),
    )


def tell_of_renewals(stage: Stage) -> None:
    """Calls about an insurance that ends soon, and what became of it."""
    soon = stage.served("ZZ01", "LY01").filter(
        products__insurance_until__range=(stage.today + 3 * DAY, stage.today + 90 * DAY),
        products__gone_on=None,
    )
    answers = (Renewal.RENEWED, Renewal.CONSIDERING, Renewal.RENEWED, Renewal.NOT_RENEWING)
    words = {
        Renewal.RENEWED: "续了，商业险三者提到三百万。",
        Renewal.CONSIDERING: "等电销报价，比完再定。",
        Renewal.NOT_RENEWING: "亲戚在保险公司，今年不在店里续。",
    }
    for place, customer in enumerate(stage.cast(soon.distinct(), 6, scene="renewal")):
        answer = answers[place % len(answers)]
        product = customer.products.filter(gone_on=None, insurance_until__gte=stage.today).order_by(
            "insurance_until", "pk"
        )[0]
        until = None
        if answer == Renewal.RENEWED and product.insurance_until is not None:
            until = product.insurance_until.replace(
                year=product.insurance_until.year + 1, day=min(product.insurance_until.day, 28)
            )
        said = RenewalSaid(
            product=product, answer=answer, until=until, insurer="人保财险" if until else ""
        )
        _call(
            stage, customer, days_ago=2 + 3 * place, note=words[answer],
            branches=Branches(renewal=said),
        )  # fmt: skip


def _call(
    stage: Stage, customer: Customer, *, days_ago: int, note: str, branches: Branches
) -> None:
    log_with_branches(
        customer=customer, branches=branches, by=keeper_of(customer),
        now=stage.at(days_ago, stage.rng.randint(10, 18)), key=stage.key(), opens_case=False,
        wish="", channel=Channel.CALL, outcome=Outcome.CONNECTED, reason=Reason.CARE, note=note,
        next_step=WELL, override=Override.NEEDED,
    )  # fmt: skip


def tell_of_friends(stage: Stage, drafter: Drafter) -> int:
    """Owners send somebody; who sent them is thanked. Answers with how many came."""
    came = 0
    needs = ("家用SUV，预算十五万", "三室两厅全屋家具", "主卧床垫换新", "给女儿配嫁妆家具")
    for store, ago, need in zip(
        ("ZZ01", "ZZ02", "ZZ03", "XA01"), (1, 4, 9, 16), needs, strict=True
    ):
        able = stage.served(store).filter(owners()).exclude(owner__username=MAIN)
        for customer in stage.cast(able, 1, scene="friend"):
            lead = NewLead(
                name=customer_name(stage.rng)[0], phone=normalise(drafter.number()), need=need
            )
            note = "聊得好，介绍了一位朋友，让我们直接联系。"
            _call(stage, customer, days_ago=ago, note=note, branches=Branches(leads=[lead]))
            came += 1
            if ago > 1:
                _welcome(stage, customer, ago=ago - 1)
    return came


def _welcome(stage: Stage, referrer: Customer, *, ago: int) -> None:
    """The friend was called the next day, and whoever sent them was thanked."""
    keeper = keeper_of(referrer)
    friend = Customer.objects.filter(referrer=referrer).latest("pk")
    log_contact(
        customer=friend, channel=Channel.CALL, outcome=Outcome.CONNECTED, reason=Reason.REFERRAL,
        note="朋友介绍的，约了时间来店看样。", by=keeper, now=stage.at(ago, 11), key=stage.key(),
        override=Override.CUSTOMER_ASKED,
        next_step=NextStep(kind=NextKind.STORE_VISIT, on=stage.today + 3 * DAY, text="来店看样"),
    )  # fmt: skip
    log_contact(
        customer=referrer, channel=Channel.WECHAT, outcome=Outcome.REPLIED,
        reason=Reason.REFERRAL, note="发了感谢和小礼品的照片，说不用客气。", by=keeper,
        now=stage.at(max(ago - 1, 1), 15), key=stage.key(), override=Override.NEEDED,
        next_step=WELL,
    )  # fmt: skip


def tell_of_overrides(stage: Stage) -> None:
    """Contacts that the guard advised against, each with why it was made all the same."""
    told = (
        ("ZZ01", 3, Override.NEWS, "置换补贴批下来了，怕客户等，当天再打一次。"),
        ("ZZ01", 8, Override.CUSTOMER_ASKED, "上午说下午三点后再打，按时打了。"),
        ("ZZ02", 2, Override.CUT_OFF, "信号断了，重新拨通说完送货安排。"),
        ("ZZ02", 11, Override.NEEDED, "合同尺寸要当天确认，工厂等排单。"),
        ("XA01", 5, Override.NEWS, "同款到了现货，告诉客户可以提前送。"),
        ("LY01", 6, Override.CUT_OFF, "电梯里断了，出来接着说。"),
    )
    for store, ago, why, note in told:
        for customer in stage.cast(stage.served(store).filter(owners()), 1, scene="override"):
            for hour, words, override in ((10, "电话接通，问了近况。", ""), (15, note, why)):
                log_contact(
                    customer=customer, channel=Channel.CALL, outcome=Outcome.CONNECTED,
                    reason=Reason.PROGRESS if override else Reason.CARE, note=words,
                    by=keeper_of(customer), now=stage.at(ago, hour), key=stage.key(),
                    next_step=WELL, override=override or Override.NEEDED,
                )  # fmt: skip


def greet_birthdays(stage: Stage) -> None:
    """Birthdays of the last days were greeted, each with a text of its own; one is today."""
    theirs = stage.served(*STORES).filter(owner=stage.company.main.person_id)
    for customer in stage.cast(theirs, 1, scene="family"):
        _member(stage, customer, Relation.CHILD, 2014, stage.today, days_ago=20)
    for ago, store in zip((2, 3, 5, 6), ("ZZ01", "ZZ02", "ZZ01", "LY01"), strict=True):
        for customer in stage.cast(stage.served(store), 2, scene="family"):
            day = stage.today - ago * DAY
            _member(stage, customer, Relation.CHILD, 2014, day, days_ago=ago + 20)
            _send(stage, _greetings_of(customer), stage.at(ago, 9, 30))


def _greetings_of(customer: Customer) -> Sequence[Task]:
    return list(
        Task.objects.filter(
            customer=customer, state=State.OPEN, letter__way="greeting",
            obligations__step__anchor=Anchor.HOUSEHOLD_BIRTHDAY,
        ).select_related("customer__store", "customer__owner", "assignee").distinct()
    )  # fmt: skip


def _send(stage: Stage, tasks: Sequence[Task], at) -> None:
    for task in tasks:
        if task.day > at.date():
            continue
        keeper = keeper_of(task.customer)
        signature = signature_of(sender=keeper.name, store=task.customer.store)
        wordings = greeting_queries.wordings_of(WordingUse.BIRTHDAY)
        wording = fitting(wordings, trade=task.customer.store.trade, to=[Whom.FAMILY])[0]
        body = body_of(
            wording.text, customer=task.customer, signature=signature, whom=Whom.FAMILY,
            occasion="孩子", day="",
        )  # fmt: skip
        send_birthday_greeting(
            task=task,
            text=whole_text(body, customer=task.customer, signature=signature),
            way=stage.rng.choice((SentBy.WECHAT, SentBy.SMS, SentBy.CARD)),
            signature=signature,
            by=keeper,
            now=at,
        )
