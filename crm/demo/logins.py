"""Who can sign in to the demonstration, as a table."""

import unicodedata
from collections.abc import Sequence

from django.contrib.auth.hashers import check_password

from crm.demo.company import ASSISTANT, BOSS, CAST, CHIEF, MAIN, PASSWORD
from staff.models import Person

# One of each role, the sales manager, the assistant and the general manager beside.
SHOWN = (
    MAIN, ASSISTANT, CHIEF, "zhouliqiang", "liangkai", "handong", "masiyuan", "hewenjing",
    "zhengyaqin", "shenjia", "suming", BOSS,
)  # fmt: skip
HEADINGS = ("用户名", "姓名", "职务", "角色 (role)", "门店", "密码")


def logins() -> str:
    """The table of user names by role; only of those whose password is still the printed one."""
    titles = {username: title for username, _name, _role, _store, title in CAST}
    people = {
        person.username: person
        for person in Person.objects.select_related("store").filter(
            username__in=SHOWN, is_active=True
        )
    }
    # All share one hash, which takes a tenth of a second to try.
    opens = {
        password: check_password(PASSWORD, password)
        for password in {person.password for person in people.values()}
    }
    rows = [
        (person.username, person.name, titles[name], person.role, str(person.store), PASSWORD)
        for name in SHOWN
        if (person := people.get(name)) and opens[person.password]
    ]
    if not rows:
        return ""
    return "\n".join(["演示数据，仅供试用，请勿录入真实客户。", "", *_table([HEADINGS, *rows])])


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
