"""The addresses of the filings room."""

from django.urls import path

from filings.views import (
    bench,
    detail,
    disputes,
    extensions,
    mine,
    policies,
    pool,
    prices,
    reviews,
    violations,
)

app_name = "filings"
urlpatterns = [
    path("policies/", policies.policies, name="policies"),
    path("filings/", mine.mine, name="mine"),
    path("filings/<int:pk>/", detail.detail, name="detail"),
    path("filings/<int:pk>/release/", detail.release, name="release"),
    path("filings/<int:pk>/take-back/", detail.void, name="void"),
    path("filings/<int:pk>/ask/", detail.ask, name="ask"),
    path("pool/", pool.pool, name="pool"),
    path("filings/reviews/", reviews.reviews, name="reviews"),
    path("filings/reviews/approve/", reviews.approve, name="approve"),
    path("filings/<int:pk>/reject/", reviews.reject, name="reject"),
    path("filings/<int:pk>/demand-proof/", reviews.demand_proof, name="demand_proof"),
    path("filings/<int:pk>/prove/", reviews.prove, name="prove"),
    path("filings/extensions/", extensions.extensions, name="extensions"),
    path("filings/extensions/<int:pk>/grant/", extensions.grant, name="grant"),
    path(
        "filings/extensions/<int:pk>/refuse/",
        extensions.refuse_extension,
        name="refuse_extension",
    ),
    path("violations/", violations.violations, name="violations"),
    path("violations/export/", violations.export_violations, name="export_violations"),
    path("violations/<int:pk>/clear/", violations.clear_violation, name="clear_violation"),
    path("bench/", bench.bench, name="bench"),
    path("bench/<int:pk>/", bench.case, name="case"),
    path("bench/<int:pk>/proof/", bench.ask_proof, name="ask_proof"),
    path("disputes/<int:pk>/", disputes.dispute, name="dispute"),
    path("disputes/<int:pk>/evidence/", disputes.evidence, name="evidence"),
    path("disputes/<int:pk>/appeal/", disputes.appeal, name="appeal"),
    path("disputes/<int:pk>/take-back/", bench.close, name="take_back_dispute"),
    path("contest/<int:pk>/", disputes.contest, name="contest"),
    path("rulings/<int:pk>/", disputes.ruling, name="ruling"),
    path("clauses/<slug:clause>/", disputes.clause, name="clause"),
    path("special-prices/", prices.prices, name="prices"),
    path("special-prices/<int:pk>/", prices.price, name="price"),
    path("special-prices/<int:pk>/decide/", prices.decide_price, name="decide_price"),
    path("customers/<int:pk>/special-price/", prices.ask_price, name="ask_price"),
]
