"""The words of old ledgers for how somebody was reached, and what came of it."""

from collections.abc import Mapping

from customers.states import Channel, LostReason, Outcome
from desk.imports.words import folded
from filings.services.histories import RELEASED, VOID
from filings.states import Channel as Channel_of_filing


def _table(words: Mapping[str, str]) -> dict[str, str]:
    """Folded word → value, with the value's own code among the words."""
    return {
        folded(word): value
        for value, names in words.items()
        for word in (str(value), *names.split(", "))
    }


CHANNELS = _table(
    {
        Channel.CALL: "电话, 打电话, 电话跟进, 电话回访, 去电, 来电, 电话联系, phone, tel",
        Channel.WECHAT: "微信, 微信跟进, 微信沟通, 企业微信, wx",
        Channel.SMS: "短信, 信息, text, text message, message",
        Channel.STORE_VISIT: (
            "到店, 进店, 来店, 到店接待, 门店接待, 接待, 试驾, 店访, 客户到店, store visit, visit"
        ),
        Channel.HOME_VISIT: "上门, 拜访, 上门拜访, 家访, 外出拜访, 入户, home visit",
        Channel.MEASURING: "量尺, 测量, 上门量尺, 量房, measuring",
        Channel.EMAIL: "邮件, 电子邮件, 邮箱, e-mail, mail",
        Channel.LETTER: "信, 信函, 信件, 书信",
    }
)

OUTCOMES = _table(
    {
        Outcome.CONNECTED: (
            "接通, 已接通, 已接, 接了, 联系上, 已联系, 联系成功, 成功, 有效, 已沟通, reached"
        ),
        Outcome.UNANSWERED: (
            "未接, 未接通, 没接, 无人接听, 无应答, 没人接, 未联系上, 占线, no answer, not reached"
        ),
        Outcome.SWITCHED_OFF: "关机, 停机, 空号, 已关机, 无法接通, switched off",
        Outcome.DECLINED: "拒接, 挂断, 拒绝, 挂机, declined, rejected",
        Outcome.REPLIED: "已回复, 回复, 有回复, 已回, replied",
        Outcome.NO_REPLY: "未回复, 没回复, 未回, 无回复, no reply",
        Outcome.MET: "已见面, 见面, 见到, 面谈, 已到店, 已面谈, 已拜访, 已完成, 完成, met",
        Outcome.NOT_MET: "未见面, 没见到, 未见到, 爽约, 未到店, 不在家, not met",
        Outcome.SENT: "已发送, 已发, 发送, 已寄出, 已寄, sent",
    }
)

LOST_REASONS = _table(
    {
        LostReason.PRICE: "价格, 价格太高, 太贵, 价格高",
        LostReason.COMPETITOR: "竞品, 买了别家, 竞争对手, 别处购买, 已在别处购买",
        LostReason.PRODUCT: "产品不合适, 没有合适的, 款式",
        LostReason.TIME: "暂缓, 时间, 暂不考虑, 推迟",
        LostReason.BUDGET: "预算, 预算取消, 没预算",
        LostReason.NOT_QUALIFIED: "无效, 不符合条件",
        LostReason.SILENT: "失联, 联系不上, 无法联系",
        LostReason.OTHER: "其他, 其它",
    }
)

FILING_CHANNELS = _table(
    {
        Channel_of_filing.STORE: "门店, 商场, 店, store",
        Channel_of_filing.FIELD: "业务, 业务部, 外勤, field, biz",
    }
)
STANDING = "standing"
FILING_STATES = _table(
    {
        STANDING: (
            "有效, 报备中, 保护中, 已报备, 成交, 已成交, 失效, 已失效, 过期, 已过期, valid, lapsed"
        ),
        VOID: "作废, 无效, 已作废, 驳回, invalid",
        RELEASED: "放弃, 已放弃, 释放, 已释放, given up",
    }
)

# What came of a contact of which the ledger says nothing but what was spoken, or that it was.
MET_IN_PERSON = (Channel.STORE_VISIT, Channel.HOME_VISIT, Channel.MEASURING)


def outcome_untold(channel: str, *, has_content: bool) -> Outcome:
    """A ledger without a column of results: who wrote down what was said had reached them."""
    if channel in MET_IN_PERSON:
        return Outcome.MET
    if channel == Channel.CALL:
        return Outcome.CONNECTED if has_content else Outcome.UNANSWERED
    if channel == Channel.WECHAT:
        return Outcome.REPLIED if has_content else Outcome.SENT
    return Outcome.SENT
