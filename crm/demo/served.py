"""Service cases: what surveys opened is seen to, and each kind of case stands in each state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from crm.demo.company import MAIN, ZONE
from crm.demo.stage import DAY, Stage, keeper_of, owners
from customers.models import Customer
from followups import services
from followups.models import Case
from followups.services.case_escalation import escalate_late_cases
from followups.states import CaseChannel, CaseKind, CaseState, PauseReason
from staff.leaders import leader_of
from staff.models import Person

# What surveys opened within so many days is still being worked on.
STILL_RUNNING = 3
ANSWERS = (
    "已致歉并说明处理办法，客户接受。",
    "电话里了解了经过，约好上门看。",
    "先安抚，答应两天内给结果。",
    "问清楚了型号和购买日期，已报售后。",
)
ANSWERS_TO_NEEDS = ("问清了要求，今天给报价。", "已记下，问过厂家再回复客户。")
NOTES = {
    CaseKind.COMPLAINT: "当面听客户说完，照片已发售后经理。",
    CaseKind.NEED: "厂家回复一周到货，报价已发客户，等确认。",
    CaseKind.PROBLEM: "联系了工程师，明天上午上门看。",
    CaseKind.REPAIR: "配件有现货，约了明天上午。",
    CaseKind.RETURN: "同款有货，等客户定取货时间。",
}
SOLUTIONS = {
    CaseKind.COMPLAINT: ("店长上门致歉，送一次保养，客户表示理解。", "换新并补偿运费，客户满意。",
                         "重新核价，退还差额，当面说清楚了。"),
    CaseKind.NEED: ("远程教会了，发了图文说明。", "约到店里手把手讲了一遍。",
                    "补送到位，客户签收。"),
    CaseKind.PROBLEM: ("师傅上门调好，客户试过没问题。", "到店检查，紧固后异响消失。",
                       "换了配件，观察一周无异常。"),
    CaseKind.REPAIR: ("已修好取走，试车正常。", "更换合页，门板调平。"),
    CaseKind.RETURN: ("同款换新，旧件已取回。", "折价补差换大一号，客户满意。"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Told:
    """One case as it came in, and the scene that says how far it got."""

    store: str
    kind: CaseKind
    channel: CaseChannel
    text: str
    days_ago: int
    goes: Callable[[Stage, Case], None]
    is_about_keeper: bool = False
    keeper: str = ""


def see_to_cases(stage: Stage) -> None:
    """Tell the cases of `CASES`, and report up what is late."""
    for told in CASES:
        able = stage.served(told.store).filter(owners(), owner__username__startswith=told.keeper)
        if not told.keeper and told.goes in RUNNING:
            able = able.exclude(owner__username=MAIN)
        for customer in stage.cast(able, 1, scene="case"):
            keeper = keeper_of(customer)
            by_leader = told.is_about_keeper or bool(told.keeper) or stage.rng.random() < 0.3
            case = services.open_case(
                customer=customer,
                kind=told.kind,
                channel=told.channel,
                text=told.text,
                product=customer.products.filter(gone_on=None).order_by("-pk").first(),
                about=keeper if told.is_about_keeper else None,
                by=(leader_of(customer.store) or keeper) if by_leader else keeper,
                now=stage.at(told.days_ago, stage.rng.randint(9, 14)),
                key=stage.key(),
            )
            told.goes(stage, case)
    escalate_late_cases(now=datetime.combine(stage.today, time(0, 30), ZONE))


def see_to_complaints(stage: Stage, customer: Customer) -> None:
    """What a survey opened was answered soon, solved within days, and mostly asked about again."""
    rows = Case.objects.filter(customer=customer, state=CaseState.OPEN, answer__isnull=False)
    for case in rows.select_related("customer__store", "assignee").order_by("pk"):
        ago = (stage.today - case.opened_at.date()).days
        if ago <= 1:
            continue
        _answer(stage, case)
        if ago > STILL_RUNNING:
            _solve(stage, case, after=stage.rng.choice((1, 1, 2, 2, 5)))
            if stage.rng.random() < 0.7:
                _rate(stage, case, points=stage.rng.choice((3, 4, 4, 5, 5)))


def _by(case: Case) -> Person:
    case.refresh_from_db(fields=["assignee"])
    if case.assignee is None:
        raise LookupError(f"case {case.pk} is nobody's")
    return case.assignee


def _later(stage: Stage, case: Case, *, days: int, hours: int = 0) -> datetime:
    """So long after the case came in; yesterday evening at the latest, in the order told."""
    moment = case.opened_at + days * DAY + timedelta(hours=hours, minutes=stage.rng.randint(5, 50))
    last_at = case.events.latest("at", "pk").at
    return max(min(moment, stage.at(1, 20)), last_at + timedelta(minutes=6))


def _answer(stage: Stage, case: Case) -> None:
    hours = stage.rng.choice((0, 1, 1, 2, 3))
    case.refresh_from_db(fields=["answered_at"])
    if case.answered_at is not None:
        return  # by a call about something else
    services.answer_case(
        case=case,
        text=stage.rng.choice(ANSWERS_TO_NEEDS if case.kind == CaseKind.NEED else ANSWERS),
        by=_by(case),
        now=_later(stage, case, days=0, hours=hours),
    )


def _solve(stage: Stage, case: Case, *, after: int) -> None:
    words = stage.rng.choice(SOLUTIONS[CaseKind(case.kind)])
    now = _later(stage, case, days=after, hours=4)
    services.solve_case(case=case, solution=words, by=_by(case), now=now)


def _rate(stage: Stage, case: Case, *, points: int, text: str = "") -> None:
    now = _later(stage, case, days=7, hours=5)
    services.rate_case(case=case, points=points, text=text, by=_by(case), now=now)


def new(stage: Stage, case: Case) -> None:
    """Nobody has answered yet."""


def late(stage: Stage, case: Case) -> None:
    """Left past its clock, and reported up that night."""
    escalate_late_cases(now=case.due_at + timedelta(minutes=20))


def in_work(stage: Stage, case: Case) -> None:
    _answer(stage, case)
    services.note_on_case(
        case=case,
        text=NOTES[CaseKind(case.kind)],
        by=_by(case),
        now=_later(stage, case, days=1, hours=1),
        key=stage.key(),
    )


def waits_for_parts(stage: Stage, case: Case) -> None:
    _answer(stage, case)
    services.pause_case(
        case=case,
        reason=PauseReason.PARTS,
        text="配件已订，厂家答复一周到货。",
        by=_by(case),
        now=_later(stage, case, days=1),
    )


def waits_for_customer(stage: Stage, case: Case) -> None:
    _answer(stage, case)
    services.pause_case(
        case=case,
        reason=PauseReason.CUSTOMER,
        text="客户出差，回来再约时间。",
        by=_by(case),
        now=_later(stage, case, days=1),
    )


def beyond_us(stage: Stage, case: Case) -> None:
    """Reported up by whoever cannot solve it."""
    _answer(stage, case)
    services.escalate_case(
        case=case,
        text="客户要求退一赔三，我做不了主，请店长出面。",
        by=_by(case),
        now=_later(stage, case, days=1, hours=2),
    )


def handed_on(stage: Stage, case: Case) -> None:
    """Given to whoever leads the store, who sees to it now."""
    leader = leader_of(case.customer.store)
    if leader is not None and leader.pk != case.assignee_id:
        services.assign_case(
            case=case, to=leader, text="客户点名找店长。", by=_by(case),
            now=_later(stage, case, days=0, hours=1),
        )  # fmt: skip
    _answer_next_day(stage, case)


def _answer_next_day(stage: Stage, case: Case) -> None:
    services.answer_case(
        case=case,
        text="店长致电道歉，约周末当面谈。",
        by=_by(case),
        now=_later(stage, case, days=1),
    )


def solved(stage: Stage, case: Case) -> None:
    _answer(stage, case)
    _solve(stage, case, after=1)


def content(stage: Stage, case: Case) -> None:
    solved(stage, case)
    _rate(stage, case, points=5)


def half_content(stage: Stage, case: Case) -> None:
    solved(stage, case)
    _rate(stage, case, points=3, text="修是修好了，就是等得久。")


def not_content(stage: Stage, case: Case) -> None:
    """Not solved after all: opened again by the answer."""
    solved(stage, case)
    _rate(stage, case, points=2, text="开了两天又响，没彻底解决。")


def by_mistake(stage: Stage, case: Case) -> None:
    services.void_case(
        case=case, reason="同一件事登记了两次", by=case.opened_by,
        now=case.opened_at + timedelta(minutes=4),
    )  # fmt: skip


CARS, HOMES, BEDS, WEST, EAST = "ZZ01", "ZZ02", "ZZ03", "XA01", "LY01"
_P, _N, _C = CaseKind.PROBLEM, CaseKind.NEED, CaseKind.COMPLAINT
_R, _X = CaseKind.REPAIR, CaseKind.RETURN
_CALL, _WX, _IN, _VISIT = (
    CaseChannel.CALL, CaseChannel.WECHAT, CaseChannel.STORE, CaseChannel.VISIT,
)  # fmt: skip
_ROWS = (
    (CARS, _P, _CALL, "冷车启动抖动，仪表提示检查发动机", 1, new),
    (CARS, _R, _IN, "后备箱撑杆漏油，盖不住", 1, in_work),
    (CARS, _P, _CALL, "左前门下雨渗水，地毯湿了一片", 9, waits_for_parts),
    (CARS, _C, _IN, "保养完机油灯亮，质疑没换机油", 2, beyond_us),
    (CARS, _R, _CALL, "空调一边冷一边热", 26, late),
    (CARS, _P, _WX, "胎压报警误报", 19, content),
    (CARS, _N, _CALL, "问年检流程，要代办", 33, content),
    (CARS, _R, _IN, "右后大灯进水雾", 41, half_content),
    (CARS, _P, _CALL, "高速有风噪，疑似密封条没贴好", 15, not_content),
    (CARS, _X, _IN, "加装的脚垫尺寸不合，要求换", 12, solved),
    (HOMES, _P, _VISIT, "衣柜推拉门脱轨，怕砸到孩子", 2, in_work),
    (HOMES, _X, _IN, "茶几颜色与样品差太多，要换", 8, waits_for_customer),
    (HOMES, _R, _CALL, "餐椅一条腿松动", 11, waits_for_parts),
    (HOMES, _C, _CALL, "约好周六送货没来也不通知，请假白等一天", 3, beyond_us),
    (HOMES, _N, _WX, "想要沙发面料的清洁剂和说明", 22, content),
    (HOMES, _R, _VISIT, "床头软包掉漆，补色", 37, content),
    (HOMES, _P, _CALL, "电视柜抽屉滑轨卡顿", 30, half_content),
    (HOMES, _N, _CALL, "问能不能加一块搁板", 1, by_mistake),
    (BEDS, _P, _CALL, "床垫中间有塌陷感", 24, late),
    (BEDS, _X, _IN, "偏硬，想换软一档", 6, solved),
    (BEDS, _R, _WX, "电动床遥控失灵", 2, in_work),
    (WEST, _R, _CALL, "岩板餐桌边角磕掉一小块", 10, waits_for_parts),
    (WEST, _N, _WX, "加订两把同款餐椅，问到货时间", 16, content),
    (EAST, _P, _CALL, "倒车影像黑屏", 2, in_work),
    (EAST, _R, _IN, "雨刮器异响，要求免费换", 14, solved),
    (EAST, _N, _CALL, "问首保要不要预约", 29, content),
)
# What stays on somebody's list; two people have each the one that names them.
RUNNING = (new, late, in_work, beyond_us, not_content)
CASES = (
    Told(
        store=HOMES, kind=_R, channel=_WX, text="沙发扶手开线约5公分", days_ago=1, goes=new,
        keeper="lina",
    ),
    Told(
        store=CARS, kind=_N, channel=_WX, text="要配第二把钥匙，问多少钱多久", days_ago=1,
        goes=in_work, keeper=MAIN,
    ),
    *(
        Told(store=store, kind=kind, channel=channel, text=text, days_ago=ago, goes=goes)
        for store, kind, channel, text, ago, goes in _ROWS
    ),
    Told(
        store=HOMES, kind=_C, channel=_CALL, text="导购答应送抱枕，问了三次不承认", days_ago=3,
        goes=handed_on, is_about_keeper=True,
    ),
    Told(
        store=CARS, kind=_C, channel=_WX, text="销售顾问交车后电话不接、微信不回", days_ago=18,
        goes=content, is_about_keeper=True,
    ),
)  # fmt: skip
