"""The smallest valid customer, registered as people register one."""

from datetime import UTC, datetime

import factory

from core.phones import normalise
from customers.models import Customer
from customers.services import register_customer
from customers.states import Grade
from tests.factories.staff import PersonFactory

NOW = datetime(2026, 3, 12, 2, 5, 12, tzinfo=UTC)


class CustomerFactory(factory.Factory):
    """A customer of `owner`, of their store; `phone` is a text, "" for a card without a number."""

    class Meta:
        model = Customer

    name = factory.Sequence(lambda n: f"客户{n}")
    phone = factory.Sequence(lambda n: f"139{n:08}")
    owner = factory.SubFactory(PersonFactory)
    grade = Grade.A
    now = NOW

    @classmethod
    def _create(cls, model_class, *args, phone, owner, now, **card):
        return register_customer(
            phones=[normalise(phone)] if phone else [],
            owner=owner,
            store=card.pop("store", None) or owner.store,
            by=card.pop("by", None) or owner,
            now=now,
            **card,
        )
