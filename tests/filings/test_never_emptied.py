"""What is evidence is not emptied either: TRUNCATE fires no trigger of a row."""

import pytest
from django.db import InternalError, connection, transaction

from core.models import AuditEntry
from customers.models import Contact
from filings.models import Deal, Filing, FilingEvent, Ruling, Seal

EVIDENCE = [AuditEntry, Contact, Filing, FilingEvent, Deal, Ruling, Seal]


@pytest.mark.django_db
@pytest.mark.parametrize("model", EVIDENCE)
def test_evidence_is_never_emptied(model):
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(InternalError, match=f"Cannot truncate {table} table"):
            cursor.execute(f"TRUNCATE {table} CASCADE")
        transaction.set_rollback(True)
