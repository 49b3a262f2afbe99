"""Addresses of orders."""

from django.urls import path

from orders.views import (
    accounts,
    closing,
    commission,
    deposits,
    handing_over,
    incidents,
    ledger,
    letters,
    orders,
    progress,
)

app_name = "orders"
urlpatterns = [
    path("deposits/new/", deposits.deposit, name="deposit"),
    path("deposits/check/", deposits.check_number, name="check_number"),
    path("deposits/<int:pk>/", deposits.receipt, name="receipt"),
    path("deposits/<int:pk>/return/", deposits.return_deposit, name="return_deposit"),
    path("orders/<int:pk>/", orders.order, name="order"),
    # What customers owe, and on what terms they buy.
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/terms/", accounts.account_terms, name="account_terms"),
    path("accounts/<int:pk>/statements/new/", accounts.new_statement, name="new_statement"),
    path("dues/<int:pk>/dispute/", accounts.dispute, name="dispute"),
    path("dues/<int:pk>/dispute/end/", accounts.end_dispute, name="end_dispute"),
    path("statements/<int:pk>/", accounts.statement, name="statement"),
    path("statements/<int:pk>/confirm/", accounts.confirm_statement, name="confirm_statement"),
    # Designers and their commission
    path("commissions/", commission.commissions, name="commissions"),
    path("commissions/export/", commission.export_commissions, name="export_commissions"),
    path("designers/<int:pk>/commission/", commission.commissions_of, name="commissions_of"),
    path("designers/<int:pk>/introduce/", commission.introduce, name="introduce"),
    path(
        "designers/<int:pk>/commission/statement/",
        commission.commission_statement,
        name="commission_statement",
    ),
    path("orders/<int:pk>/designer/", commission.name_designer, name="name_designer"),
    path("orders/<int:pk>/commission/pay/", commission.pay_commission, name="pay_commission"),
    # How an order goes on: its letter, its goods and days, deliveries, what went wrong, its end.
    path("orders/<int:pk>/letter/", letters.letter, name="letter"),
    path("orders/<int:pk>/letter/sent/", letters.letter_sent, name="letter_sent"),
    path("orders/<int:pk>/confirm/", letters.confirm, name="confirm"),
    path("orders/<int:pk>/allocate/", progress.allocate, name="allocate"),
    path("orders/<int:pk>/move/", progress.move, name="move"),
    path("orders/<int:pk>/plan/", progress.plan, name="plan"),
    path("orders/<int:pk>/wish/", progress.wish, name="wish"),
    path("orders/lines/<int:pk>/back/", progress.step_back, name="step_back"),
    path("orders/lines/<int:pk>/arrival/", progress.arrival, name="arrival"),
    path("orders/<int:pk>/deliver/", handing_over.deliver, name="deliver"),
    path("orders/deliveries/<int:pk>/correct/", handing_over.correct, name="correct_delivery"),
    path("orders/deliveries/<int:pk>/void/", handing_over.void, name="void_delivery"),
    path("orders/deliveries/<int:pk>/installed/", handing_over.installed, name="installed"),
    path("orders/<int:pk>/incident/", incidents.new, name="incident"),
    path("orders/incidents/<int:pk>/solve/", incidents.solve, name="solve"),
    path("orders/incidents/<int:pk>/case/", incidents.open_case, name="incident_case"),
    path("orders/<int:pk>/settle/", closing.settle, name="settle"),
    path("orders/<int:pk>/archive/", closing.archive, name="archive"),
    # The ledger and the sheets beside it.
    path("orders/", ledger.ledger, name="ledger"),
    path("orders/export/", ledger.export, name="export"),
    path("orders/exports/<int:pk>/", ledger.exported, name="exported"),
]
