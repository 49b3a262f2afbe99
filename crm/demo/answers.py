"""What customers say in a survey: by mood, in the words that a salesperson writes down."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from followups.models import Question, SurveyVersion
from followups.rules.surveys import Given
from staff.states import Trade

# How people feel, and how probably they give 5, 4, 3, 2, 1 points.
MOODS = {
    "glad": (72, 26, 2, 0, 0),
    "content": (22, 62, 16, 0, 0),
    "cool": (4, 40, 50, 6, 0),
    "cross": (0, 14, 30, 38, 18),
}
SHARES = {"glad": 50, "content": 28, "cool": 12, "cross": 10}
RECOMMENDS = {"glad": (9, 10), "content": (7, 9), "cool": (5, 7), "cross": (1, 5)}

LOW = {
    "feeling": {
        Trade.CARS: ("方向盘低速有异响，开着不放心", "油耗比宣传的高不少", "车机老是黑屏重启"),
        Trade.FURNITURE: ("沙发坐垫塌得快", "餐桌面有一道划痕，送来就有", "衣柜门关不严"),
        Trade.MATTRESSES: ("味道散了半个月还有", "偏硬，腰更疼了"),
    },
    "store_service": {
        Trade.CARS: ("交车等了两个多小时，没人招呼", "答应的脚垫到现在没给"),
        Trade.FURNITURE: ("改了三次送货日期", "发票催了两周才开"),
        Trade.MATTRESSES: ("店里说送货上楼，师傅只放楼下",),
    },
    "person_service": {
        Trade.CARS: ("交完车就不怎么回微信了", "保险价格前后说得不一样"),
        Trade.FURNITURE: ("尺寸记错，茶几多等十天", "售前售后态度差很多"),
        Trade.MATTRESSES: ("说可以试睡三十天，现在又不认",),
    },
    "satisfaction": {
        Trade.CARS: ("同一个异响修了两次没修好", "小毛病多，跑店里三趟了"),
        Trade.FURNITURE: ("等了五十天才齐，还少一把椅子", "椅腿松，报了修没人来"),
        Trade.MATTRESSES: ("边上塌了一块，才用半年",),
    },
    "crew": {
        Trade.FURNITURE: ("师傅把墙角磕掉一块漆", "包装垃圾留在楼道没带走"),
        Trade.MATTRESSES: ("约的上午，晚上八点才到",),
    },
}  # fmt: skip
COMPLAINTS = {
    Trade.CARS: ("赠送的贴膜起泡，找了两次没人管", "上牌费多收了三百，要说法"),
    Trade.FURNITURE: ("少送一把餐椅，答应三天补，一周了", "安装师傅态度差，要求道歉"),
    Trade.MATTRESSES: ("床垫有污渍，要求换新的",),
}
UNCLEAR = {
    Trade.CARS: ("车机导航不会联网，请教一遍", "自动驻车和定速巡航不会用"),
    Trade.FURNITURE: ("岩板桌面怎么清洁说不清", "电动沙发的复位键找不到"),
    Trade.MATTRESSES: ("正反两面哪面硬，忘了",),
}
TEXTS = {
    "use": {
        Trade.CARS: ("每天上下班，周末跑长途", "主要接送孩子，空间够用", "基本爱人开，好停车",
                     "跑了两趟老家，动力满意"),
        Trade.FURNITURE: ("全家都爱坐，孩子在上面写作业", "用着顺手，抽屉很滑", "客人来都说好看",
                          "书桌给老二用了，高度正好"),
        Trade.MATTRESSES: ("睡得踏实，腰不酸了", "老人说软硬正好", "孩子房也想换一张"),
    },
    "greeting": {
        Trade.CARS: ("生意不错，又开了一家店", "家里都好，孩子上初中了", "刚退休，准备自驾去新疆",
                     "换了单位，离家远了"),
        Trade.FURNITURE: ("家里都好，准备给老人房添柜子", "二胎刚满月，忙"),
        Trade.MATTRESSES: ("都好，父母搬来一起住",),
    },
    "behaviour": {
        Trade.CARS: ("小姑娘讲解很细，没毛病", "交车仪式挺用心", "希望周末多留一个人接待"),
        Trade.FURNITURE: ("导购懂搭配，帮了大忙", "建议店里放个儿童角"),
        Trade.MATTRESSES: ("讲得清楚，不硬推",),
    },
    "wishes": {
        Trade.CARS: ("同事年底想换车，答应介绍", "问新款七座什么时候到", "暂时没有"),
        Trade.FURNITURE: ("想给书房配一组柜子", "妹妹家下半年装修", "暂时没有"),
        Trade.MATTRESSES: ("父母那边也想换", "暂时没有"),
    },
}  # fmt: skip
HOBBIES = ("爬山、钓鱼", "周末打羽毛球", "喜欢露营，有活动叫我", "广场舞队长", "摄影，想参加车友会",
           "带孩子，亲子活动可以来", "喝茶下棋")  # fmt: skip
REFERRALS = ("表弟在看车，回头把电话给你", "楼上邻居刚交房", "暂时没有", "单位有两个同事在比价", "")
REMARKS = (
    "",
    "",
    "",
    "语气很好，愿意再聊",
    "晚上联系更方便",
    "老人接的电话，转告了",
    "在开车，长话短说",
)


@dataclass(frozen=True, kw_only=True)
class Mood:
    """How one customer feels, and of which trade the product is."""

    name: str
    trade: Trade


def mood_of(rng: Random, trade: str) -> Mood:
    """Most are glad, a few are cross."""
    name = rng.choices(list(SHARES), list(SHARES.values()))[0]
    return Mood(name=name, trade=Trade(trade))


def _said(rng: Random, of: dict[Trade, tuple[str, ...]], trade: Trade) -> str:
    return rng.choice(of.get(trade) or of[Trade.FURNITURE])


def _points(rng: Random, code: str, mood: Mood) -> Given:
    points = rng.choices((5, 4, 3, 2, 1), MOODS[mood.name])[0]
    why = _said(rng, LOW[code], mood.trade) if points <= 2 else ""
    return Given(code=code, points=points, text=why)


def _yes_no(rng: Random, code: str, mood: Mood) -> Given:
    if code == "complaint":
        if mood.name == "cross" and rng.random() < 0.4:
            return Given(code=code, is_yes=True, text=_said(rng, COMPLAINTS, mood.trade))
        return Given(code=code, is_yes=False)
    if code in ("unclear", "trouble"):
        if rng.random() < (0.3 if mood.name == "cross" else 0.08):
            return Given(code=code, is_yes=True, text=_said(rng, UNCLEAR, mood.trade))
        return Given(code=code, is_yes=False)
    return Given(code=code, is_yes=rng.random() < 0.9)


def _choice(rng: Random, code: str, mood: Mood) -> Given:
    """What is chosen, mostly the first; what was reported up says why."""
    shares = {
        "plate": (("done", 60), ("under_way", 36), ("needs_help", 4)),
        "installed": (("done", 86), ("partly", 10), ("not_yet", 4)),
        "wishes": (("none", 84), ("service", 12), ("buys_more", 4)),
        "replacement": (("none", 55), ("year", 25), ("half_year", 14), ("quarter", 6)),
        "complaint": (("none", 92), ("solved", 8)),
    }.get(code, (("yes", 1),))
    if code == "complaint" and mood.name == "cross":
        shares = (("solved", 2), ("reported", 1))
    option = rng.choices([name for name, _share in shares], [share for _name, share in shares])[0]
    words = ""
    if option in ("reported", "partly", "needs_help", "solved"):
        words = _said(rng, COMPLAINTS, mood.trade)
    return Given(code=code, option=option, text=words if code != "installed" else "")


def _text(rng: Random, code: str, mood: Mood) -> Given:
    if code == "hobbies":
        return Given(code=code, text=rng.choice(HOBBIES) if rng.random() < 0.35 else "")
    if code == "referral":
        return Given(code=code, text=rng.choice(REFERRALS))
    return Given(code=code, text=_said(rng, TEXTS[code], mood.trade))


def answers_of(
    version: SurveyVersion, *, mood: Mood, rng: Random, insurance: str = ""
) -> dict[str, Given]:
    """What a customer in this mood answers, question by question; some are left out.

    `insurance` is what becomes of it, where that is asked.
    """
    given: dict[str, Given] = {}
    for question in _asked(version, mood.trade):
        if question.code == "insurance":
            if insurance:
                given[question.code] = Given(code=question.code, option=insurance)
            continue
        if not question.is_required and not question.counts and rng.random() < 0.12:
            continue
        given[question.code] = _answer(question, mood, rng)
    return {code: each for code, each in given.items() if not each.is_empty}


def _asked(version: SurveyVersion, trade: Trade) -> Sequence[Question]:
    questions = version.questions.order_by("position", "pk")
    return [each for each in questions if not each.trades or trade in each.trades]


def _answer(question: Question, mood: Mood, rng: Random) -> Given:
    if question.kind == "scale":
        return _points(rng, question.code, mood)
    if question.kind == "yes_no":
        return _yes_no(rng, question.code, mood)
    if question.kind == "choice":
        return _choice(rng, question.code, mood)
    if question.kind == "likelihood":
        return Given(code=question.code, number=rng.randint(*RECOMMENDS[mood.name]))
    if question.kind == "number":
        return Given(code=question.code, number=rng.randint(2, 14) * 50)
    return _text(rng, question.code, mood)


def remark_of(rng: Random, mood: Mood) -> str:
    """What was worth a word beside the answers."""
    if mood.name == "cross":
        return rng.choice(("客户有情绪，先道歉，已记录。", "语气不好，答应今天给答复。"))
    return rng.choice(REMARKS)
