"""Addresses under /complaints/."""

from __future__ import annotations

from django.urls import path

from anxin.service.complaints.pages import board, case, govern

app_name = "complaints"
urlpatterns = [
    path("", board.list_page, name="list"),
    path("new/", board.register_page, name="register"),
    path("similar/", board.similar_page, name="similar"),
    path("supervisions/", board.supervisions_page, name="supervisions"),
    path("statistics/", govern.statistics_page, name="statistics"),
    path("statistics/export/", govern.export_page, name="export"),
    path("bulletin/", govern.bulletin_page, name="bulletin"),
    path("iceberg/", govern.iceberg_page, name="iceberg"),
    path("rectifications/", govern.rectifications_page, name="rectifications"),
    path("rectifications/<uuid:rectification_id>/", govern.rectify_page, name="rectify"),
    path("responsibilities/", govern.responsibilities_page, name="responsibilities"),
    path("regulations/", govern.regulations_page, name="regulations"),
    path("disclosure/", govern.disclosure_page, name="disclosure"),
    path("go/<uuid:complaint_id>/", board.go_page, name="go"),
    path("of/<str:ref>/", board.panel_page, name="panel"),
    path("<str:number>/", case.complaint_page, name="complaint"),
    path("<str:number>/act/", case.act_page, name="act"),
    path("<str:number>/talk/", case.talk_page, name="talk"),
    path("<str:number>/evidence/", case.evidence_page, name="evidence"),
    path("<str:number>/evidence/<str:evidence_id>/", case.file_page, name="file"),
    path("<str:number>/penalty/", case.penalty_page, name="penalty"),
    path("<str:number>/paper/<str:kind>/", case.paper_page, name="paper"),
]
