"""What the people of the company did among themselves: leave, plans, pages of knowledge, Friday's
greetings, and the notices that they have read.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from crm.demo.company import MAIN, ZONE
from crm.demo.stage import DAY, Stage
from followups.models import Article, ArticleVersion, Plan, PlanVersion, SurveyVersion
from followups.queries import greetings as queries
from followups.queries.greetings import FRIDAY, OpenOccasion
from followups.queries.plans import terms_of
from followups.rules import plans as rules
from followups.services import change_plan
from followups.services.articles import change_article, decide_proposal, propose_change
from followups.services.articles import terms_of as page_of
from followups.services.escalations import report_overdue
from followups.services.greetings import send_greeting
from followups.states import Anchor, Occasion, SentBy, WordingUse
from followups.wording import fitting, greeting_of, signature_of, whole_text
from staff.models import Notice, Person
from staff.scope import reach_of
from staff.services.absences import set_absence
from staff.services.notices import Telling, read_notice, tell_many
from staff.states import AbsenceKind, NoticeKind, Role

FRIDAYS = 3
# Longer ago than anything that people here have done with what was shipped.
SHIPPED_AGO = 760
# Who greets on Fridays, and how many of their customers they came to write to.
GREETERS = ((MAIN, 9), ("sunpeng", 5), ("lina", 7), ("liangkai", 6), ("songbo", 4), ("tianyu", 4))
OWN_WORDS = (
    "周末愉快，出行注意安全。您看的那款给您留着，到店提前说一声，我泡好茶等您。",
    "一周辛苦了，周末愉快。上次聊的事我记着，有消息第一时间告诉您。",
    "周末好，您家里那边最近还顺利吧？有用得着我的地方随时说。",
)
SCRIPT_NOTE = "补一句：先问是否方便，开车时不聊"


def stand_in(stage: Stage) -> None:
    """One is away and somebody stands in, one will be, one has come back."""
    rows = (
        ("sunpeng", "guojing", AbsenceKind.LEAVE, -1, 3, "回老家办事，在谈客户已交代", 5),
        ("lina", "dengjie", AbsenceKind.TRAINING, 6, 8, "厂家新品培训，手机不便接", 2),
        ("songbo", "fengtao", AbsenceKind.TRAVEL, 11, 14, "", 1),
        ("jiangxue", "tianyu", AbsenceKind.ILL, -16, -13, "感冒发烧", 16),
    )
    for who, instead, kind, first, last, note, ago in rows:
        person = stage.people[who]
        set_absence(
            person=person,
            stand_in=stage.people[instead],
            kind=kind,
            starts_on=stage.today + first * DAY,
            ends_on=stage.today + last * DAY,
            note=note,
            by=person,
            now=stage.at(ago, 9),
            key=stage.key(),
        )


def date_what_was_shipped(stage: Stage) -> None:
    """Plans, surveys and pages came with the product, before anybody worked with it."""
    came = stage.at(SHIPPED_AGO, 9)
    PlanVersion.objects.filter(made_by=None).update(made_at=came)
    Plan.objects.filter(changed_by=None).update(changed_at=came)
    SurveyVersion.objects.filter(published_by=None).update(published_at=came)
    ArticleVersion.objects.filter(made_by=None).update(made_at=came)
    Article.objects.filter(changed_by=None).update(changed_at=came)


def change_the_plan(stage: Stage) -> None:
    """Operations has late reminders of an insurance reported up; whoever leads hears of it."""
    by, now = stage.people["hewenjing"], stage.at(12, 16)
    plan = Plan.objects.get(code="dealer")
    terms = terms_of(plan)
    steps = tuple(
        replace(row, escalates_after=72) if row.anchor == Anchor.INSURANCE else row
        for row in terms.steps
    )
    version = change_plan(
        plan=plan,
        terms=rules.PlanTerms(**{**vars(terms), "steps": steps}),
        note="续保提醒逾期三天报店长：上月漏了四台。",
        moved=0,
        by=by,
        now=now,
    )
    leading = [
        person
        for person in stage.people.values()
        if person.role in (Role.STORE_MANAGER, Role.FIELD_SUPERVISOR, Role.MARKETING_MANAGER)
    ]
    tell_many(
        [
            Telling(
                person_id=person.pk,
                kind=NoticeKind.PLAN_CHANGED,
                key=f"plan:{plan.pk}:{version.number}",
                params={"by": by.name, "plan": plan.name_zh},
                path=f"/plans/{plan.pk}/versions/",
            )
            for person in leading
        ],
        now=now,
    )


def write_knowledge(stage: Stage) -> None:
    """Operations put a page right; one proposal was taken, one waits."""
    ops = stage.people["hewenjing"]
    article = Article.objects.get(code="dealer-24h")
    terms = page_of(article)
    change_article(
        article=article,
        seen=article.number,
        terms=replace(
            terms,
            body_zh=terms.body_zh + "\n\n客户在开车，就只问一句是否安全到家，另约时间再打。",
            body_en=terms.body_en
            + "\n\nIf the customer is driving, only ask whether all is well, and agree on"
            " another hour.",
        ),
        note=SCRIPT_NOTE,
        by=ops,
        now=stage.at(6, 10),
    )
    _propose(stage, "price", "wangfang", "客户嫌贵时先算到每天多少钱", days_ago=9)
    _propose(stage, "monthly-contact", "penghui", "加一句换季时通风养护的提醒", days_ago=1)


def _propose(stage: Stage, code: str, who: str, words: str, *, days_ago: int) -> None:
    article = Article.objects.get(code=code)
    terms = page_of(article)
    proposal = propose_change(
        article=article,
        terms=replace(terms, body_zh=f"{terms.body_zh}\n\n{words}。"),
        seen=article.number,
        note=words,
        key=stage.key(),
        by=stage.people[who],
        now=stage.at(days_ago, 17),
    )
    if days_ago > 1:
        decide_proposal(
            proposal=proposal, is_taken=True, seen=article.number, by=stage.people["masiyuan"],
            now=stage.at(days_ago - 2, 9),
        )  # fmt: skip


def fridays_before(today: date) -> Iterable[date]:
    """The last Fridays before today, the earliest first."""
    last = today - timedelta(days=(today.weekday() - 4) % 7 or 7)
    return [last - timedelta(weeks=weeks) for weeks in reversed(range(FRIDAYS))]


def greet_on_fridays(stage: Stage) -> None:
    """Each greeter wrote to some of their key customers, one at a time, in the evening."""
    for friday in fridays_before(stage.today):
        for who, most in GREETERS:
            _greet(stage, stage.people[who], friday, most=most)


def _greet(stage: Stage, person: Person, friday: date, *, most: int) -> None:
    occasion = OpenOccasion(slug=FRIDAY, kind=Occasion.FRIDAY, on=friday)
    rows = queries.key_customers(
        reach_of(person, today=stage.today), occasion=occasion, today=friday
    )
    rows = rows.filter(owner=person, registered_at__date__lt=friday)
    found = list(queries.with_text_facts(rows).order_by("pk"))
    stage.rng.shuffle(found)
    wordings = list(queries.wordings_of(WordingUse.FRIDAY))
    at = datetime.combine(friday, time(18, 5), ZONE)
    for customer in found[: stage.rng.randint(most // 2, most)]:
        signature = signature_of(sender=person.name, store=customer.store)
        wording = stage.rng.choice(
            fitting(wordings, trade=customer.store.trade, to=[customer.whom])
        )
        body = greeting_of(
            wording,
            owned=customer.owned_name or "",
            wanted=customer.wanted_name or "",
            whom=customer.whom,
            customer=customer,
            signature=signature,
        )
        if stage.rng.random() < 0.2:
            body = stage.rng.choice(OWN_WORDS)
        at += timedelta(minutes=stage.rng.randint(1, 4))
        send_greeting(
            customer=customer,
            occasion=Occasion.FRIDAY,
            on=friday,
            text=whole_text(body, customer=customer, signature=signature),
            way=SentBy.WECHAT if stage.rng.random() < 0.7 else SentBy.SMS,
            signature=signature,
            by=person,
            now=at,
        )


def report_up(stage: Stage) -> None:
    """What was left overdue by last midnight is reported up, and waits to be looked at."""
    report_overdue(now=datetime.combine(stage.today, time(0, 10), ZONE))


def read_notices(stage: Stage) -> None:
    """People have read what they were told up to two days ago."""
    for person in stage.people.values():
        until = datetime.combine(stage.today - 2 * DAY, time(20), ZONE)
        old = Notice.objects.filter(person=person, read_at=None, made_at__lt=until)
        for pk in old.order_by("pk").values_list("pk", flat=True):
            read_notice(pk=pk, by=person, now=until)
