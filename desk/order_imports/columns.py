"""The columns of a sheet of orders, with the names that shops give them."""

from django.utils.translation import gettext_lazy as _

from core.spreadsheets.headers import Column


def _column(key: str, names: str, *, needed: bool = False) -> Column:
    return Column(key, tuple(names.split(", ")), needed)


# The first Chinese name stands in sheets that we write, the key in scripts; the rest are habits.
COLUMNS = (
    _column(
        "order_no",
        "订单号, order_no, 订单编号, 单号, 销售单号, 合同号, 订单号码, order no, order no., "
        "order number",
        needed=True,
    ),
    _column(
        "ordered_on",
        "下单日期, ordered_on, 订单日期, 开单日期, 销售日期, 成交日期, 下单时间, order date, "
        "ordered on",
        needed=True,
    ),
    _column("store", "门店, store, 门店编码, 店铺, 所属门店, 销售门店, store code"),
    _column(
        "seller",
        "人员, seller, 销售人员, 销售顾问, 导购, 业务员, 设计顾问, 开单人, 负责人, salesperson",
        needed=True,
    ),
    _column("name", "客户姓名, name, 姓名, 客户名称, 客户, 顾客姓名, 顾客, 收货人, customer"),
    _column(
        "phone",
        "电话, phone, 手机, 手机号, 手机号码, 电话号码, 联系电话, 客户电话, 收货电话, 联系方式, "
        "mobile, phone number, tel",
        needed=True,
    ),
    _column("address", "地址, address, 送货地址, 收货地址, 详细地址, 客户地址, delivery address"),
    _column(
        "product",
        "款号/产品, product, 款号, 产品, 产品名称, 商品, 商品名称, 品名, 型号, 货号, 车型, style, "
        "model, item",
        needed=True,
    ),
    _column("spec", "规格, spec, 规格型号, 尺寸, 尺码, 规格尺寸, size, specification"),
    _column("colour", "颜色, colour, 花色, 色号, 材质颜色, color"),
    _column("qty", "数量, qty, 件数, 订购数量, 销售数量, quantity", needed=True),
    _column("price", "单价, price, 成交单价, 销售单价, 成交价, 售价, unit price", needed=True),
    _column("supply", "来源, supply, 货源, 货品来源, 供货方式, 供货来源"),
    _column(
        "promised_on",
        "承诺送货, promised_on, 承诺送货日期, 承诺日期, 约定送货日期, 约定送货, 预约送货日期, "
        "交期, promised for, promised on",
    ),
    _column("eta", "预计到货, eta, 预计到货日期, 预计到货日, 到货预计, expected, expected arrival"),
    _column("arrived_on", "到货日期, arrived_on, 到货, 实际到货, 实际到货日期, 入库日期, arrived"),
    _column(
        "delivered_at",
        "送货日期, delivered_at, 实际送货日期, 送达日期, 交付日期, 交车日期, 送货时间, 出货日期, "
        "delivered, delivered on",
    ),
    _column("paid", "已付金额, paid, 已付, 已收, 已收金额, 实收, 实收金额, 付款金额, amount paid"),
    _column("method", "付款方式, method, 支付方式, 收款方式, 结算方式, paid by, payment method"),
    _column("designer", "设计师, designer, 合作设计师"),
    _column("note", "备注, note, 说明, 订单备注, remarks, remark, notes"),
)

HINTS = {
    "order_no": _("Needed. Rows with the same number are one order, in their order."),
    "ordered_on": _("Needed. A date."),
    "store": _("A store code. Left empty: what you chose for the file."),
    "seller": _("Needed. A user name, or a name that only one person has."),
    "name": _("Needed for customers who are not registered yet."),
    "phone": _("Needed. An unknown number registers the customer, kept by who sold."),
    "address": _("Where the goods go."),
    "product": _("Needed. A style number of the master, or the name of the product."),
    "qty": _("Needed. Whole pieces."),
    "price": _("Needed. What one piece costs: 5800 or ¥5,800.00."),
    "supply": _("现货, 采购, 样品 or 生产."),
    "promised_on": _("A date."),
    "eta": _("A date."),
    "arrived_on": _("A date. The goods are here since then."),
    "delivered_at": _("A date, with the hour where it is known; care starts to count from it."),
    "paid": _("All that was paid of the order so far, the same on each of its rows or once."),
    "method": _("微信, 支付宝, 刷卡, 转账, 现金, 支票 or 承兑."),
    "designer": _("The name of a designer who has an agreement."),
}
