"""Addresses under /desk/."""

from __future__ import annotations

from django.urls import path

from anxin.service.desk import pages
from anxin.service.desk.pages import agents, call_figures, calls, counters, macros

app_name = "desk"
urlpatterns = [
    path("", pages.inbox, name="inbox"),
    path("next/", pages.take_next, name="next"),
    path("promises/", pages.kept, name="kept"),
    path("macros/", macros.macros, name="macros"),
    path("macros/new/", macros.macro, name="macro-new"),
    path("macros/many/", macros.macro_many, name="macro-many"),
    path("macros/<uuid:macro_id>/", macros.macro, name="macro"),
    path("macros/<uuid:macro_id>/retire/", macros.macro_retire, name="macro-retire"),
    path("tickets/<uuid:item>/macro/", macros.macro_use, name="macro-use"),
    path("tickets/new/", pages.new, name="new"),
    path("tickets/customers/", pages.find_customer, name="find-customer"),
    path("tickets/<uuid:item>/", pages.ticket, name="ticket"),
    path("tickets/<uuid:item>/preview/", pages.preview, name="preview"),
    path("tickets/<uuid:item>/move/", pages.move, name="move"),
    path("tickets/<uuid:item>/say/", pages.say, name="say"),
    path("tickets/<uuid:item>/promise/", pages.promise, name="promise"),
    path("tickets/<uuid:item>/watch/", pages.watch, name="watch"),
    path("tickets/<uuid:item>/watchers/", pages.watcher, name="watcher"),
    path("tickets/<uuid:item>/parent/", pages.parent, name="parent"),
    path("tickets/<uuid:item>/documents/", pages.documents, name="documents"),
    path("tickets/<uuid:item>/files/", pages.attach, name="attach"),
    path("tickets/<uuid:item>/presence/", pages.presence, name="presence"),
    path("files/<uuid:item>/", pages.file, name="file"),
    path("of/<str:ref>/contacts/", pages.touchpoints, name="panel-touchpoints"),
    path("of/<str:ref>/visit/", pages.visit, name="visit"),
    path("contacts/files/<uuid:item>/", pages.contact_file, name="contact-file"),
    path("of/<str:ref>/record/", pages.record, name="record"),
    path("of/<str:ref>/tickets/", pages.panel, name="panel-tickets"),
    path("calls/", calls.seat_page, name="seat"),
    path("calls/panel/", calls.panel, name="call-panel"),
    path("calls/sit-down/", calls.sit_down, name="sit-down"),
    path("calls/state/", calls.agent_state, name="agent-state"),
    path("calls/recent/", calls.recent, name="recent-calls"),
    path("calls/figures/", call_figures.figures, name="call-figures"),
    path("calls/<uuid:call_id>/caller/", calls.caller, name="caller"),
    path("calls/<uuid:call_id>/back/", calls.call_back, name="call-back"),
    path("of/<str:ref>/call/", calls.call_customer, name="call-customer"),
    path("agents/", agents.agents, name="agents"),
    path("agents/<uuid:user_id>/", agents.agent, name="agent"),
    path("calls/<uuid:call_id>/wrap-up/", calls.wrap_up, name="wrap-up"),
    path("counters/", counters.lobby, name="lobby"),
    path("counters/draw/", counters.draw, name="draw"),
    path("counters/window/", counters.window, name="window"),
    path("counters/next/", counters.call_next, name="call-next"),
    path("counters/set-up/", counters.set_up, name="set-up"),
    path("counters/duties/<int:number>/", counters.duty, name="duty"),
    path("counters/hall/", counters.hall, name="hall"),
    path("counters/<uuid:ticket_id>/rating/", counters.rating, name="rating"),
    path("counters/<uuid:ticket_id>/<slug:action>/", counters.number_move, name="number-move"),
]
