"""Addresses under /policies/."""

from __future__ import annotations

from django.urls import path

from anxin.book.portfolio import pages

app_name = "portfolio"
urlpatterns = [
    path("of/<str:ref>/policies/", pages.policies, name="panel-policies"),
    path("of/<str:ref>/claims/", pages.claims, name="panel-claims"),
    path("claims/<uuid:item>/", pages.claim, name="claim"),
    path("claims/<uuid:item>/reveal/place/", pages.reveal_place, name="claim-place"),
    path("claims/<uuid:item>/reveal/description/", pages.reveal_description, name="claim-description"),
    path("<uuid:item>/", pages.policy, name="policy"),
    path("<uuid:item>/peek/", pages.peek, name="peek"),
    path("<uuid:item>/reveal/<slug:field>/", pages.reveal_policy, name="reveal"),
]
