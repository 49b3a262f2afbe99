"""The smallest valid robots, and messages that wait."""

from datetime import UTC, datetime

from core.keyring import keyring
from staff.models import Outgoing, Robot
from staff.outgoing import identity, shown_address
from staff.services.outgoing import Parcel, queue
from staff.states import RobotKind
from tests.factories.staff import PersonFactory

ADDRESSES = {
    RobotKind.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-abcd",
    RobotKind.DINGTALK: "https://oapi.dingtalk.com/robot/send?access_token=9f8e7d6c5b4a",
    RobotKind.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook/1b2c-3d4e-5f60",
}
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def robot_of(
    kind: RobotKind = RobotKind.WECOM, *, secret: str = "", address: str = "", **said
) -> Robot:
    address = address or ADDRESSES[kind]
    return Robot.objects.create(
        name=said.pop("name", "shop floor"),
        kind=kind,
        address_cipher=keyring().encrypt(address),
        address_shown=shown_address(kind=kind, address=address),
        address_index=keyring().index(identity(kind=kind, address=address)),
        secret_cipher=keyring().encrypt(secret) if secret else None,
        set_by=said.pop("by", None) or PersonFactory.create(),
        **said,
    )


def waiting(robot: Robot | None = None, *, person=None, key: str = "digest:1", **said) -> Outgoing:
    """A message that is due."""
    parcel = Parcel(
        key=key,
        robot_id=robot.pk if robot else None,
        person_id=person.pk if person else None,
        subject=said.pop("subject", "Digest"),
        body=said.pop("body", "Due today: 3"),
    )
    queue([parcel], now=LONG_AGO)
    return Outgoing.objects.get(key=key)
