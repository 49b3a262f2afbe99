"""A picture of a measured home, as the phone sends one."""

from datetime import datetime
from uuid import uuid4

from customers.models import Attachment, Customer
from customers.services.attachments import add_attachments
from customers.services.pictures import read_picture
from customers.states import AttachmentKind
from staff.models import Person
from tests.customers.test_attachments import jpeg


def picture_of(customer: Customer, by: Person, at: datetime) -> Attachment:
    add_attachments(
        customer=customer, pictures=[read_picture(jpeg())], kind=AttachmentKind.SKETCH,
        caption="", by=by, now=at, key=uuid4(),
    )  # fmt: skip
    return Attachment.objects.filter(customer=customer).latest("pk")
