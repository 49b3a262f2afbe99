"""Triggers of tables whose rows are evidence."""

import pgtrigger


class NeverEmptied(pgtrigger.Trigger):
    """No TRUNCATE: it fires no trigger of a row, so that what protects each row would not help."""

    level = pgtrigger.Statement
    when = pgtrigger.Before
    operation = pgtrigger.Truncate
    func = "RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;"
