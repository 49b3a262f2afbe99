"""Sheets of orders as shops' systems export them, made by code."""

from tests.desk.import_sheets import text, xlsx

HEADERS = (
    "订单号", "下单日期", "门店", "人员", "客户姓名", "电话", "地址", "款号/产品", "规格", "颜色",
    "数量", "单价", "来源", "承诺送货", "预计到货", "到货日期", "送货日期", "已付金额", "付款方式",
    "设计师", "备注", "内部编号",
)  # fmt: skip


def row(**cells: object) -> tuple[object, ...]:
    """One row under `HEADERS`."""
    return tuple(cells.get(header, "") for header in HEADERS)


def line(number: str, **cells: object) -> tuple[object, ...]:
    """One line of an order of 20 October 2026 that lin sold in the first store."""
    usual = {
        "订单号": number, "下单日期": "2026-10-20", "门店": "HZ01", "人员": "lin",
        "客户姓名": "陈美玲", "电话": "138 0013 8001", "地址": "翠苑一区3幢2单元501",
        "款号/产品": "三人沙发", "数量": 1, "单价": "5,800.00",
    }  # fmt: skip
    return row(**usual | cells)


def book(*rows: tuple[object, ...], **more) -> bytes:
    return xlsx(rows, headers=HEADERS, name="订单", **more)


def ledger(*rows: tuple[object, ...]) -> bytes:
    """The same as CSV in GBK."""
    return text(rows, headers=HEADERS)


# Delivered whole, under way in three ways, a car of its own, and one of each kind of mistake.
DELIVERED = (
    line("A1", 来源="现货", 承诺送货="2026-11-12", 送货日期="2026-11-14 15:30", 已付金额=7000,
         付款方式="微信"),
    line("A1", **{"款号/产品": "餐椅", "数量": 6, "单价": 200, "送货日期": "2026-11-14 15:30",
                  "下单日期": "", "人员": "", "电话": "", "客户姓名": "", "地址": ""}),
)  # fmt: skip
UNDER_WAY = (
    line("A2", 电话="13800138002", 客户姓名="李芳", 来源="采购", 承诺送货="2026-11-25",
         预计到货="2026-11-23", 已付金额=2000, 付款方式="转账", 备注="电梯小"),
    line("A2", 电话="13800138002", 来源="样品", 到货日期="2026-11-20",
         **{"款号/产品": "茶几", "单价": 800}),
)  # fmt: skip
WRONG = (
    line("B1", 门店="XX99"),
    line("B2", 人员="nobody"),
    line("B3", 数量=0),
    line("B3"),
    line("B4", 已付金额=99999),
    line("B5", 电话="13800138009", 客户姓名=""),
    line("B6", 送货日期="2027-01-01"),
    line("B7", 已付金额=100),
    line("B7", 已付金额=200),
    line("B8", 电话="无"),
)
