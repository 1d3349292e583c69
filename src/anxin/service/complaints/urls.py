"""Addresses under /complaints/."""

from __future__ import annotations

from django.urls import path

from anxin.service.complaints.pages import additions, board, case, govern

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
    path("assessment/", govern.assessment_page, name="assessment"),
    path("drafts/<str:page>/", additions.draft_page, name="draft"),
    path("go/<uuid:complaint_id>/", board.go_page, name="go"),
    path("of/<str:ref>/", board.panel_page, name="panel"),
    path("<str:number>/", case.complaint_page, name="complaint"),
    path("<str:number>/act/", case.act_page, name="act"),
    path("<str:number>/move/<str:action>/", case.move_page, name="move"),
    path("<str:number>/talk/", additions.talk_page, name="talk"),
    path("<str:number>/evidence/", additions.evidence_page, name="evidence"),
    path("<str:number>/evidence/<str:evidence_id>/", additions.file_page, name="file"),
    path("<str:number>/penalty/", additions.penalty_page, name="penalty"),
    path("<str:number>/responsible/", additions.responsible_page, name="responsible"),
    path("<str:number>/contact/", additions.contact_page, name="contact"),
    path("<str:number>/notice/", additions.preview_page, name="notice"),
    path("<str:number>/paper/<str:kind>/", additions.paper_page, name="paper"),
]
