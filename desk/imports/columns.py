"""The columns of a customer sheet, with the names people give them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.spreadsheets.headers import Column


def _column(key: str, names: str, *, needed: bool = False) -> Column:
    return Column(key, tuple(names.split(", ")), needed)


# The first Chinese name stands in sheets that we write, the key in scripts; the rest are habits.
COLUMNS = (
    _column(
        "name",
        "客户姓名, name, 姓名, 客户名称, 客户, 顾客姓名, 顾客, 车主姓名, 车主, 客户名, "
        "customer, customer name",
        needed=True,
    ),
    _column(
        "phone",
        "电话, phone, 手机, 手机号, 手机号码, 电话号码, 联系电话, 联系方式, 客户电话, "
        "移动电话, 手机1, 电话1, mobile, phone number, tel",
        needed=True,
    ),
    _column("phone2", "第二电话, phone2, 电话2, 手机2, 备用电话, 其他电话, 另一电话, second phone"),
    _column("wechat", "微信, wechat, 微信号, 微信id, wechat id"),
    _column("address", "地址, address, 详细地址, 联系地址, 家庭地址, 住址, 送货地址, 客户地址"),
    _column("title", "称谓, title, 称呼, 性别, gender"),
    _column("grade", "客户级别, grade, 级别, 客户等级, 等级, 意向级别"),
    _column("source", "来源, source, 信息来源, 客户来源, 来源渠道, 渠道"),
    _column("referrer", "介绍人, referrer, 推荐人, 转介绍人, referred by"),
    _column("need", "需求内容, need, 需求, 客户需求, 意向产品, 意向车型, 意向"),
    _column(
        "expected_purchase",
        "预计采购时间, expected_purchase, 预计购买时间, 预计采购, 预计购买, 预计下定时间, "
        "预计采购日期, means to buy",
    ),
    _column("budget", "预算, budget, 购买预算"),
    _column(
        "owner",
        "负责人, owner, 跟进人, 业务员, 销售顾问, 导购, 顾问, 所属人, keeper, salesperson",
    ),
    _column("store", "门店, store, 门店编码, 所属门店, 店铺, store code"),
    _column("birthday", "生日, birthday, 出生日期, 客户生日, date of birth"),
    _column(
        "contact_time",
        "合适的联系时间, contact_time, 联系时间, 方便联系时间, suitable contact time",
    ),
    _column(
        "contact_hours",
        "可联系时段, contact_hours, 可联系时间, 可打电话时段, 可打电话时间, contact hours, "
        "may be called",
    ),
    _column("product", "产品, product, 车型, 产品/车型, 购买产品, 购买车型, 产品名称, 品名, model"),
    _column(
        "delivered_at",
        "交车日期, delivered_at, 送货日期, 交车日期/送货日期, 交付日期, 交车时间, 送货时间, "
        "交付时间, delivered, delivered on, delivery date",
    ),
    _column(
        "purchased_on",
        "购买日期, purchased_on, 购车日期, 下单日期, 成交日期, purchased, purchase date",
    ),
    _column(
        "insurance_until",
        "保险到期, insurance_until, 保险到期日, 保险到期日期, 交强险到期, insured until",
    ),
    _column(
        "serial",
        "车架号, serial, 序列号, 车架号/序列号, vin, 车架号码, serial number, serial or vin",
    ),
    _column("plate", "车牌, plate, 车牌号, 车牌号码, 牌照, number plate"),
    _column("colour", "颜色, colour, 车身颜色, color"),
    _column("insurer", "保险公司, insurer, 承保公司, 投保公司"),
    _column("warranty_until", "质保到期, warranty_until, 质保到期日, 保修到期, warranty until"),
    _column("price", "成交价, price, 成交价格, 成交金额, 售价"),
    _column(
        "next_contact_on",
        "下次联系日期, next_contact_on, 下次联系, 下次跟进日期, 下次跟进, 下次联系时间, "
        "下次回访日期, next contact",
    ),
    _column("next_step", "下一步, next_step, 下一步计划, 下步计划, 跟进计划"),
    _column("note", "备注, note, 说明, 备注信息, remarks, remark, notes"),
)

LABELS = {
    "name": _("Name"),
    "phone": _("Phone"),
    "phone2": _("Second phone"),
    "wechat": _("WeChat"),
    "address": _("Address"),
    "title": _("Title"),
    "grade": _("Grade"),
    "source": _("Source"),
    "referrer": _("Referred by"),
    "need": _("Need"),
    "expected_purchase": _("Means to buy"),
    "budget": _("Budget"),
    "owner": _("Keeper"),
    "store": _("Store"),
    "birthday": _("Birthday"),
    "contact_time": _("Suitable contact time"),
    "contact_hours": _("Contact hours"),
    "product": _("Product"),
    "delivered_at": _("Delivered"),
    "purchased_on": _("Purchased on"),
    "insurance_until": _("Insured until"),
    "serial": _("Serial or VIN"),
    "plate": _("Plate"),
    "colour": _("Colour"),
    "insurer": _("Insurer"),
    "warranty_until": _("Warranty until"),
    "price": _("Price"),
    "next_contact_on": _("Next contact on"),
    "next_step": _("Next step"),
    "note": _("Note"),
    # of sheets of orders
    "order_no": _("Order no."),
    "ordered_on": _("Ordered on"),
    "seller": _("Sold by"),
    "spec": _("Spec"),
    "qty": _("Quantity"),
    "supply": pgettext_lazy("supply", "From"),
    "promised_on": _("Promised for"),
    "eta": _("Expected"),
    "arrived_on": _("Arrived on"),
    "paid": _("Paid"),
    "method": _("Paid by"),
    "designer": _("Designer"),
}

# What the template says beneath each header, on its second sheet.
HINTS = {
    "name": _("Needed."),
    "phone": _("Needed, unless there is a WeChat id. Several numbers with / between."),
    "phone2": _("A further number of the same customer."),
    "wechat": _("Enough for customers without a number."),
    "title": _("Mr or Ms."),
    "grade": _(
        "A, B1, B2, C1, C2 or D. A plain B or C is read by whether the customer has bought. "
        "Left empty: B2 or C1 for buyers, else C2."
    ),
    "source": _("One of the sources of the registration form."),
    "referrer": _("The number of a customer, or a name."),
    "expected_purchase": _("A date, or: 7 days, 15 days, 1 month, 3 months, later."),
    "owner": _("A user name. Left empty: what you chose for the file."),
    "store": _("A store code. Left empty: what you chose for the file."),
    "birthday": _("1985-08-15, 8-15, or 农历8-15."),
    "contact_time": _("In words: at weekends, after work."),
    "contact_hours": _("From when until when they may be called: 19:00-21:00."),
    "product": _("With a day of delivery or purchase: owned. Without: part of the need."),
    "delivered_at": _("A date, with the hour where it is known: 2026-05-18 19:40."),
    "purchased_on": _("A date."),
    "insurance_until": _("A date."),
    "warranty_until": _("A date."),
    "price": _("What was paid for the product: 219800 or ¥219,800.00."),
    "next_contact_on": _("A date; it opens a task."),
    "next_step": _("What is to be done then."),
}

KEYS = tuple(column.key for column in COLUMNS)


def label(key: str) -> str:
    """A column's name in the reader's language; the key itself where it is none of ours."""
    return str(LABELS.get(key, key))
