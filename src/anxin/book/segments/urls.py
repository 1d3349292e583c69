from django.urls import path

from anxin.book.segments.pages import analysis, board, cross, customer, phasing, saved, trials

app_name = "segments"
urlpatterns = [
    path("", board.overview, name="overview"),
    path("run/", board.start_run, name="run"),
    path("customers/<str:ref>/", customer.panel, name="panel"),
    path("customers/<str:ref>/needs/", customer.needs, name="needs"),
    path("customers/<str:ref>/explanation/", customer.explanation, name="explanation"),
    path("customers/<str:ref>/evaluation/", customer.evaluation, name="evaluation"),
    path("customers/<str:ref>/phase-out/", phasing.ask, name="phase-out"),
    path("customers/<str:ref>/phase-out/back/", phasing.take_back, name="phase-back"),
    path("saved/", saved.list_page, name="saved"),
    path("saved/count/", saved.count_again, name="count-again"),
    path("saved/<uuid:segment_id>/", saved.segment_page, name="segment"),
    path("saved/<uuid:segment_id>/remove/", saved.remove, name="remove"),
    path("build/", saved.build, name="build"),
    path("build/save/", saved.save, name="save"),
    path("build/export/", saved.export, name="export"),
    path("pick/", saved.pick, name="pick"),
    path("trials/<uuid:job_id>/", trials.trial, name="trial"),
    path("trials/of/<uuid:version_id>/", trials.begin, name="begin-trial"),
    path("analysis/", analysis.analysis, name="analysis"),
    path("cross/", cross.cross, name="cross"),
]
