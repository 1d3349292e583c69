"""Addresses under /desk/."""

from __future__ import annotations

from django.urls import path

from anxin.service.desk import pages

app_name = "desk"
urlpatterns = [
    path("", pages.inbox, name="inbox"),
    path("next/", pages.take_next, name="next"),
    path("promises/", pages.kept, name="kept"),
    path("tickets/new/", pages.new, name="new"),
    path("tickets/customers/", pages.find_customer, name="find-customer"),
    path("tickets/<uuid:item>/", pages.ticket, name="ticket"),
    path("tickets/<uuid:item>/preview/", pages.preview, name="preview"),
    path("tickets/<uuid:item>/move/", pages.move, name="move"),
    path("tickets/<uuid:item>/say/", pages.say, name="say"),
    path("tickets/<uuid:item>/promise/", pages.promise, name="promise"),
    path("tickets/<uuid:item>/watch/", pages.watch, name="watch"),
    path("tickets/<uuid:item>/files/", pages.attach, name="attach"),
    path("tickets/<uuid:item>/presence/", pages.presence, name="presence"),
    path("files/<uuid:item>/", pages.file, name="file"),
    path("of/<str:ref>/contacts/", pages.touchpoints, name="panel-touchpoints"),
    path("of/<str:ref>/record/", pages.record, name="record"),
    path("of/<str:ref>/tickets/", pages.panel, name="panel-tickets"),
]
