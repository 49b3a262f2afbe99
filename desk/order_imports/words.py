"""The words of shops' systems for where goods come from and how money was paid."""

from collections.abc import Mapping

from desk.imports.words import folded
from orders.states import Method, Supply


def _table(words: Mapping[str, str]) -> dict[str, str]:
    """Folded word → value, with the value's own code among the words."""
    return {
        folded(word): str(value)
        for value, names in words.items()
        for word in (str(value), *names.split(", "))
    }


SUPPLIES = _table(
    {
        Supply.STOCK: "现货, 库存, 仓库, 现货库存, in stock",
        Supply.PURCHASE: "采购, 订货, 外购, 订购, 期货, 厂家订货, ordered",
        Supply.FLOOR_SAMPLE: "样品, 展品, 样板, 门店样品, 店面样品, 卖场样品, floor sample, sample",
        Supply.PRODUCTION: "生产, 定制, 定做, 工厂生产, 订做, made",
    }
)
SUPPLIES_SHOWN = "现货, 采购, 样品, 生产"

METHODS = _table(
    {
        Method.WECHAT: "微信, 微信支付, 微信转账, wechat pay",
        Method.ALIPAY: "支付宝, 支付宝支付, 花呗",
        Method.CARD: "刷卡, 银行卡, pos, pos机, 信用卡, 储蓄卡, card",
        Method.TRANSFER: "转账, 汇款, 银行转账, 银行汇款, 对公转账, 电汇, bank transfer",
        Method.CASH: "现金, cash",
        Method.CHEQUE: "支票, check",
        Method.ACCEPTANCE: "承兑, 承兑汇票, 银行承兑, 汇票",
    }
)
METHODS_SHOWN = "微信, 支付宝, 刷卡, 转账, 现金, 支票, 承兑"
