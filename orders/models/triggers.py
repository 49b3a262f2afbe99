"""The sums that the database itself keeps, so that no path can leave them wrong.

After any statement on lines, payments, credits, offsets or dues the orders concerned are reckoned
anew from their rows (`orders_keep`, `orders_keep_credits`: the functions stand in the migrations),
in the same statement's transaction; an order's row is locked meanwhile, so
that of two payments at once the second one waits and is then held against the new sum (C07). The
lock is a statement of its own: what comes after it sees what the one before it has written.
"""

import pgtrigger

# Names of what a statement brought and took, by what it does.
_NEW, _OLD = "new_rows", "old_rows"


def _keeper(column: str, function: str, operation: pgtrigger.Operation, *rows: str):
    """One trigger: after a statement, the owners of all rows that it brought or took."""
    owners = " UNION ".join(f"SELECT {column} FROM {name}" for name in rows)
    of = f"SELECT array_agg({column}) INTO ids FROM ({owners}) owner WHERE {column} IS NOT NULL;"
    return pgtrigger.Trigger(
        name=f"keep_{column}_{str(operation).lower()}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(
            new=_NEW if _NEW in rows else None, old=_OLD if _OLD in rows else None
        ),
        declare=[("ids", "bigint[]")],
        func=f"{of} IF ids IS NOT NULL THEN PERFORM {function}(ids); END IF; RETURN NULL;",
    )


def _keepers(column: str, function: str) -> list[pgtrigger.Trigger]:
    return [
        _keeper(column, function, pgtrigger.Insert, _NEW),
        _keeper(column, function, pgtrigger.Update, _NEW, _OLD),
        _keeper(column, function, pgtrigger.Delete, _OLD),
    ]


def keeps_orders(column: str) -> list[pgtrigger.Trigger]:
    """Triggers of a table whose rows belong to the order in `column`."""
    return _keepers(column, "orders_keep")


def keeps_credits(column: str) -> list[pgtrigger.Trigger]:
    """Triggers of a table whose rows belong to the credit in `column`."""
    return _keepers(column, "orders_keep_credits")


def keeps_what_is_due() -> pgtrigger.Trigger:
    """Another day of delivery: what is due before it may be another sum."""
    return pgtrigger.Trigger(
        name="keep_due_before",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("current_on"),
        func="PERFORM orders_keep(ARRAY[NEW.id]); RETURN NULL;",
    )


def keeps_promise() -> pgtrigger.Trigger:
    """The day that was promised when the customer confirmed is never another one (ORD-13)."""
    return pgtrigger.Protect(
        name="promise_stays",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(
            old__confirmed_at__isnull=False,
            old__promised_on__isnull=False,
            old__promised_on__df=pgtrigger.F("new__promised_on"),
        ),
    )
