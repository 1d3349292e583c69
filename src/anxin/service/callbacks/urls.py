"""Addresses under /callbacks/."""

from __future__ import annotations

from django.urls import path

from anxin.service.callbacks.pages import call, figures, lists

app_name = "callbacks"
urlpatterns = [
    path("", lists.list_page, name="list"),
    path("next/", call.take_next, name="next"),
    path("figures/", figures.show, name="figures"),
    path("figures/export/", figures.export, name="export"),
    path("of/<str:ref>/", lists.panel, name="panel"),
    path("of/<str:ref>/new/", lists.plan, name="plan"),
    path("<uuid:item>/", call.show, name="call"),
    path("<uuid:item>/take/", call.take, name="take"),
    path("<uuid:item>/answer/", call.answer, name="answer"),
    path("<uuid:item>/attempt/", call.attempt, name="attempt"),
    path("<uuid:item>/finish/", call.finish, name="finish"),
    path("<uuid:item>/return/", call.give_back, name="return"),
    path("<uuid:item>/fail/", call.fail, name="fail"),
    path("<uuid:item>/leave-out/", call.leave_out, name="leave-out"),
    path("<uuid:item>/hand-over/", call.hand_over, name="hand-over"),
]
