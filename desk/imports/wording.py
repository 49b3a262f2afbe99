"""What is said about rows and files, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.labels import labelled
from core.lunar import LunarRefused
from core.names import NameRefused
from core.refusals import Refused
from core.spreadsheets.faults import CellRefused
from customers.services import ContactNotRecorded, ProductNotRecorded
from desk.imports.columns import label
from desk.imports.facts import Remark

MESSAGES: Mapping[str, object] = {
    **CellRefused.messages,
    **NameRefused.messages,
    **LunarRefused.messages,
    **ProductNotRecorded.messages,
    **ContactNotRecorded.messages,
    # why a row is refused
    "no_way_to_reach": _("Give a phone number or a WeChat id."),
    "grade_unknown": _("Write the grade as A, B1, B2, C1, C2 or D."),
    "not_a_choice": _("“%(text)s” is not known here. Choose one of: %(allowed)s."),
    "expected_unreadable": _(
        "Write a date like 2026-03-05, or 7 days, 15 days, 1 month, 3 months or later."
    ),
    "birthday_unreadable": _("Write the birthday like 1985-08-15, 8-15 or 农历8-15."),
    "hours_unreadable": _("Write the hours like 19:00-21:00."),
    "hours_not_in_order": _("Write the earlier hour first, like 19:00-21:00."),
    "owner_unknown": _("There is no person with the user name “%(name)s”."),
    "owner_ambiguous": _("Several people are called “%(name)s”. Write the user name."),
    "owner_cannot_keep": _("“%(name)s” does not keep customers any more. Name somebody else."),
    "store_unknown": _("There is no store with the code “%(name)s”."),
    "store_missing": _("Say in which store: no store is named, and there are several."),
    "numbers_of_two_customers": _(
        "These numbers belong to two different customers. Put each number on its own row."
    ),
    "numbers_of_two_rows": _("These numbers belong to different customers, in the rows %(rows)s."),
    "wechat_of_several": _("Several customers have this WeChat id. Add a phone number."),
    "out_of_reach": _(
        "This customer is registered already and is not yours to change. "
        "Ask the operations manager."
    ),
    "serial_in_row": _("This serial number stands in row %(row)s, for another customer."),
    "changed_since_preview": _(
        "This customer was changed by somebody since you looked. Look at the row again."
    ),
    # of histories
    "history_without_phone": _("Give the phone number of the customer."),
    "customer_unknown": _(
        "No customer has the number %(phone)s. Bring the customers in first, then their history."
    ),
    "customer_of_another_store": _("This customer belongs to the store %(store)s."),
    "stage_unknown": _("“%(text)s” is no stage here. Choose one of: %(allowed)s."),
    # of sheets that come back
    "check_broken": _(
        "The number or the check of this row was changed, or belongs to another row. Export the "
        "customer anew."
    ),
    "same_number_twice": _("This customer stands in row %(first)s already."),
    "unknown_number": _("No customer of yours has this number."),
    "number_is_known": _("This number belongs to a customer who is registered already."),
    "keeper_is_not_yours_to_change": _("Who keeps a customer is for their manager to change."),
    "too_many_look_ups": _(
        "You have asked about %(limit)s numbers within an hour. Send this row in again later."
    ),
    "grade_exactly": _("Write the grade as A, B1, B2, C1, C2 or D."),
    "grade_refused": _("The grade was not changed: %(said)s"),
    "keeper_needed": _("Name who keeps this customer."),
    "wechat_masked": _("Write the whole WeChat id, or leave the cell as it was."),
    "phone_masked": _("Write the whole number, or leave the cell as it was."),
    "email_unreadable": _("This is no e-mail address."),
    # what should be looked at
    "same_customer": _("The same customer as in row %(row)s; both rows were put together."),
    "first_row_stands": _("Row %(row)s says something else; the first row stands."),
    "placeholder_number": _(
        "This number looks made up, or is a hotline. Ask the customer for their own."
    ),
    "buyer_is_not_given_up": _(
        "This customer has bought: grade D is for those who never did. The grade stays."
    ),
    "referrer_unknown": _("No customer of yours has this number; only its last digits are kept."),
    "referrer_is_self": _("Customers cannot refer themselves; the referrer is left out."),
    "product_unnamed": _("There is a day but no product; it is kept without a name."),
    "next_contact_is_past": _("This day lies more than a week back; no task is opened for it."),
    "next_step_without_day": _("A next step without a day opens no task; it is left out."),
    "hidden_rows_skipped": _("%(count)s hidden rows were not read."),
    "hidden_sheets_skipped": _("Hidden sheets were not read: %(sheets)s."),
    "sheets_not_read": _("Only the first sheet of customers was read; not read: %(sheets)s."),
    "conflict": _(
        "Somebody changed this on the card since the sheet left; it says now: “%(now)s”. Nothing "
        "was written here."
    ),
    "filed_here_already": _(
        "This customer has been filed in this system. What is live is not displaced."
    ),
    "filing_in_the_future": _("Give a time of filing that has passed."),
    "acquired_after_filing": _("The data cannot have been obtained after they were filed."),
    "filer_sells_nowhere": _("This person works in no store or team, and files no leads."),
    "which_home_was_filed": _("This customer has several homes. Give the address of this one."),
    "home_unknown": _("This customer has no home with this address. Register it first."),
    # of sheets of orders
    "row_of_refused_order": _(
        "Another row of this order is refused (row %(row)s). An order comes in whole: mend that "
        "row and send all rows of the order in again."
    ),
    "rows_contradict": _(
        "Row %(row)s of the same order says something else. Only one can be true."
    ),
    "day_lies_ahead": _("This day lies ahead. Write down what has happened, not what is planned."),
    "before_the_order": _("This day lies before the day of the order."),
    "newcomer_without_name": _("No customer has this number yet. Give the name, to register them."),
    "paid_exceeds_amount": _("More is paid than this order costs. Check prices and what is paid."),
    "order_out_of_reach": _("This order is of a store that is not yours. Ask its manager."),
    "order_of_another_store": _("This order number is an order of another store here."),
    "order_of_another_customer": _("This order number is an order of another customer here."),
    "order_is_closed": _("This order is closed here: nothing about it changes any more."),
    "line_is_cancelled": _("This line was cancelled here. Leave it as it was, or add a line."),
    "line_is_delivered": _(
        "These goods are delivered: change them by a return or an exchange, on the order's page."
    ),
    "delivered_on_another_day": _(
        "These goods were delivered on another day here. Correct the delivery on the order's page."
    ),
    "method_untold": _("Nobody wrote how this was paid; it is kept as paid by bank card."),
    "designer_unknown": _("No designer of ours is called “%(name)s”; the order has none."),
    "more_is_paid_here": _("More is paid here than the sheet says. What is known stays."),
    "order_has_more_lines": _("This order has %(count)s lines here. Those not told stay."),
    "sheets_left_out": _("These sheets are no part of a history and were not read: %(sheets)s."),
    "store_row": _("Sheet of stores, row %(row)s: %(said)s"),
    "stores_not_read": _("Stores are set up by administrators; the sheet of stores was not read."),
}


class ImportRefused(Refused):
    """A customer sheet is refused as a whole."""

    messages = {
        "columns_missing": _(
            "A needed column is missing: %(columns)s. The header row found reads: %(headers)s."
        ),
        "columns_twice": _(
            "These headers stand there more than once, so that it cannot be told which to read: "
            "%(columns)s. Rename all but one."
        ),
        "no_rows": _("There is nothing under the header."),
        "no_history": _(
            "No sheet of this file is a history. Name the sheets 跟进记录 and 机会, or give them "
            "the columns phone, time and way, or phone and stage."
        ),
        "too_many_rows": _("You may bring in %(limit)s rows at a time; the sheet has %(rows)s."),
        "not_yours": _("People of this role do not bring in customers."),
        "store_not_yours": _("You do not bring customers into this store. Choose another one."),
        "keeper_not_yours": _("This person does not keep customers of yours. Choose another one."),
        "busy": _("Other people are changing these customers right now. Try again in a minute."),
    }


def sentence(remark: Remark) -> str:
    """A remark as a whole sentence."""
    message = MESSAGES.get(remark.code)
    return str(message) % dict(remark.params) if message else remark.code


def with_column(remark: Remark, headers: Mapping[str, str]) -> str:
    """The sentence behind the header it is about, as the sheet writes it."""
    if not remark.column:
        return sentence(remark)
    return labelled(headers.get(remark.column) or label(remark.column), sentence(remark))


def message_of(held_back: int) -> str:
    """What is said of rows that were not done, because things had changed since the preview."""
    if not held_back:
        return ""
    return ngettext(
        "%(count)s row was held back, because its customer was changed since you looked.",
        "%(count)s rows were held back, because their customers were changed since you looked.",
        held_back,
    ) % {"count": held_back}
