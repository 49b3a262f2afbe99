"""Sheets as real stores send them in, made by code."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

import xlsxwriter

HEADERS = (
    "客户姓名", "电话", "第二电话", "地址", "称谓", "客户级别", "来源", "介绍人", "需求内容",
    "预计采购时间", "负责人", "门店", "生日", "车型", "交车日期", "购买日期", "下次联系日期",
    "下一步", "备注", "内部编号",
)  # fmt: skip


def _row(**cells: object) -> tuple[object, ...]:
    """One row under `HEADERS`, in the first store unless told otherwise."""
    return tuple({"门店": "HZ01", **cells}.get(header, "") for header in HEADERS)


# A sheet of a car dealer; the keys are its headers.
MESSY = (
    # three spellings of one number: one customer
    _row(
        客户姓名="王建国", 电话=13800138001.0, 地址="翠苑一区3幢2单元501", 称谓="先生",
        客户级别="A", 来源="自然到店", 需求内容="SUV", 预计采购时间="7天内", 负责人="lin",
        生日="1985-08-15",
        下次联系日期="2026-12-01", 下一步="邀约试驾",
    ),
    _row(客户姓名="王建国", 电话="138-0013-8001", 门店="", 备注="老客户"),
    _row(客户姓名="王建国", 电话="+86 138 0013 8001", 门店="", 客户级别="A"),
    # delivered yesterday with the hour, and some time ago without
    _row(
        客户姓名="李芳", 电话="1.3800138002E+10", 地址="文三路88号", 称谓="女士", 客户级别="B",
        来源="网络", 负责人="lin", 生日="农历8-15", 车型="Model Y",
        交车日期=datetime(2026, 11, 20, 19, 40),  # noqa: DTZ001  (as a cell holds it)
    ),
    _row(
        客户姓名="张伟", 电话="１３８００１３８００３", 第二电话="0571-88888888转8001", 称谓="男",
        客户级别="B级", 来源="转介绍", 介绍人="13800138001", 负责人="lin", 生日="8-15",
        车型="汉 EV", 交车日期="2024.2.29", 购买日期="2024/2/20",
    ),
    # bought, not delivered yet; the referrer is a name
    _row(
        客户姓名="刘静", 电话="13800138004/13900139004", 称谓="太太", 客户级别="c", 来源="朋友介绍",
        介绍人="王姐", 车型="海豹", 购买日期="20261118",
    ),
    # wished for, not owned
    _row(
        客户姓名="陈强", 电话="138 0013 8005", 预计采购时间="2026年12月31日", 负责人="lin",
        车型="宋 PLUS",
    ),
    # digits lost, no number at all, unknown keeper and store, day and month unclear, no name
    _row(客户姓名="赵敏", 电话="1.38E+10"),
    _row(客户姓名="孙俪", 电话="无"),
    _row(客户姓名="周杰", 电话="13800138008", 负责人="nobody", 门店="XX99"),
    _row(客户姓名="吴京", 电话="13800138009", 车型="唐", 交车日期="3/5/26"),
    _row(电话="13800138010"),
    # text that would be a formula
    _row(客户姓名="=1+1", 电话="13800138011", 备注="@SUM(1+1)"),
)  # fmt: skip
NEW, REFUSED, READ = 6, 5, 13


def xlsx(
    rows: Sequence[Sequence[object]],
    *,
    headers: Sequence[str] = HEADERS,
    title: str = "",
    name: str = "客户",
    more: dict[str, Sequence[Sequence[object]]] | None = None,
) -> bytes:
    """A workbook; `more` are further sheets with their header rows."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for sheet_name, sheet_rows in {name: [headers, *rows], **(more or {})}.items():
            sheet = book.add_worksheet(sheet_name)
            top = 0
            if title and sheet_name == name:
                sheet.write_string(0, 0, title)
                top = 2
            for number, row in enumerate(sheet_rows, start=top):
                for at, value in enumerate(row):
                    if isinstance(value, datetime):
                        sheet.write_datetime(number, at, value, moment)
                    elif isinstance(value, date):
                        sheet.write_datetime(number, at, value, day)
                    elif value != "":
                        sheet.write(number, at, value)
    return out.getvalue()


def text(
    rows: Sequence[Sequence[object]], *, headers: Sequence[str] = HEADERS, encoding: str = "gbk"
) -> bytes:
    """The same as CSV, numbers as a program writes floats."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headers)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def messy_workbook() -> bytes:
    return xlsx(MESSY, title="杭州一店2026年客户资料（内部）")


def messy_csv() -> bytes:
    return text(MESSY)


def simple(*people: tuple[str, str], **columns: str) -> bytes:
    """A sheet of names and numbers, and further columns with one value for all."""
    headers = ("客户姓名", "电话", *columns)
    return xlsx([(*person, *columns.values()) for person in people], headers=headers)
