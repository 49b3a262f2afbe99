"""The sheets of a history and their columns, with the names people give them."""

from core.spreadsheets.headers import Column

CONTACTS, SALES, FILINGS = "contacts", "opportunities", "filings"

SHEET_NAMES = {
    CONTACTS: ("跟进记录", "跟进", "回访记录", "联系记录", "contacts", "contact", "history"),
    SALES: ("机会", "销售机会", "商机", "opportunities", "opportunity", "sales"),
    FILINGS: ("报备", "报备记录", "filings", "filing"),
}


def _column(key: str, names: str, *, needed: bool = False) -> Column:
    return Column(key, tuple(names.split(", ")), needed)


_PHONE = _column(
    "phone",
    "电话, phone, 手机, 手机号, 手机号码, 电话号码, 联系电话, 客户电话, mobile, phone number, tel",
    needed=True,
)
_PERSON = _column(
    "person", "人员, person, 跟进人, 业务员, 销售顾问, 负责人, owner, salesperson, by"
)

COLUMNS = {
    CONTACTS: (
        _PHONE,
        _column("at", "时间, at, 跟进时间, 联系时间, 日期, date, time, 回访时间", needed=True),
        _column("channel", "方式, channel, 跟进方式, 联系方式, 渠道, way", needed=True),
        _column("result", "结果, result, 跟进结果, 联系结果, outcome"),
        _column("content", "内容, content, 跟进内容, 沟通内容, 记录, note, 备注"),
        _column("next_step", "下一步, next_step, 下一步计划, 下步计划, 跟进计划"),
        _column(
            "next_on",
            "下次联系日期, next_on, next_contact_on, 下次联系, 下次跟进日期, 下次跟进, "
            "下次联系时间, next contact",
        ),
        _PERSON,
    ),
    SALES: (
        _PHONE,
        _column("stage", "阶段, stage, 销售阶段, 商机阶段", needed=True),
        _column("expected_on", "预计日期, expected_on, 预计成交日期, 预计时间, 成交日期, expected"),
        _column("amount", "金额, amount, 预计金额, 预算金额"),
        _PERSON,
        _column("product", "产品, product, 车型, 意向产品, 款号, 产品名称, model"),
        _column("lost_reason", "丢单原因, lost_reason, 流失原因, 输单原因"),
    ),
    FILINGS: (
        _PHONE,
        _column("filed_at", "报备时间, filed_at, 报备日期", needed=True),
        _column("acquired_at", "获取时间, acquired_at, 获取信息时间, 接待时间"),
        _column("filing_channel", "渠道, channel, 报备渠道"),
        _column("filer", "报备人, filer, 人员, 业务员, 负责人"),
        _column("address", "项目/地址, 项目, 地址, address, project, 送货地址"),
        _column("status", "状态, status, 报备状态"),
    ),
}

# For finding the header of a sheet of which nothing is known yet.
ALL_COLUMNS = tuple(
    {column.key: column for columns in COLUMNS.values() for column in columns}.values()
)
KEYS = {kind: tuple(column.key for column in columns) for kind, columns in COLUMNS.items()}
