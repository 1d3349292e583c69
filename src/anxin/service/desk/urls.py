"""Addresses under /desk/."""

from __future__ import annotations

from django.urls import path

from anxin.service.desk import pages

app_name = "desk"
urlpatterns = [
    path("of/<str:ref>/contacts/", pages.touchpoints, name="panel-touchpoints"),
    path("of/<str:ref>/record/", pages.record, name="record"),
]
