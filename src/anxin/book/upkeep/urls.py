from django.urls import path

from anxin.book.upkeep.pages import boards, cards, panels, public

app_name = "upkeep"
urlpatterns = [
    path("", boards.index, name="board"),
    path("files/", boards.files, name="files"),
    path("files/correct/", boards.correct_many, name="correct-many"),
    path("files/export/", boards.export, name="export"),
    path("judge/", boards.judge, name="judge"),
    path("sources/", boards.sources, name="sources"),
    path("answers/", boards.answers, name="answers"),
    path("answers/<uuid:answer_id>/", cards.answer, name="answer"),
    path("links/<uuid:link_id>/revoke/", cards.revoke, name="revoke"),
    path("corrections/<uuid:correction_id>/resolve/", panels.resolve, name="resolve"),
    path("corrections/<uuid:correction_id>/dismiss/", panels.dismiss, name="dismiss"),
    path("customers/<str:ref>/", panels.quality, name="panel"),
    path("customers/<str:ref>/changes/", panels.changes, name="panel-changes"),
    path("customers/<str:ref>/cards/", panels.cards, name="panel-cards"),
    path("customers/<str:ref>/correct/", panels.correct, name="correct"),
    path("customers/<str:ref>/confirm/", panels.confirm, name="confirm"),
    path("customers/<str:ref>/invite/", cards.invite, name="invite"),
    path("customers/<str:ref>/card/", cards.choose, name="card-choice"),
    path("customers/<str:ref>/card/<slug:form>/", cards.show, name="card"),
    path("customers/<str:ref>/card/<slug:form>/pdf/", cards.pdf, name="card-pdf"),
    path("fill/<str:token>/", public.fill, name="fill"),
]
