from django.urls import path

from anxin.service.managers.pages import absences, board, customer, packages, pool, runs

app_name = "managers"
urlpatterns = [
    path("", board.index, name="board"),
    path("staff/<uuid:user_id>/", board.manager, name="manager"),
    path("staff/<uuid:user_id>/capacity/", board.capacity, name="capacity"),
    path("pool/", pool.index, name="pool"),
    path("pool/claim/", pool.claim, name="claim"),
    path("pool/allocate/", runs.allocate, name="allocate"),
    path("runs/", runs.index, name="runs"),
    path("runs/<uuid:run_id>/", runs.run, name="run"),
    path("runs/<uuid:run_id>/confirm/", runs.confirm, name="confirm"),
    path("runs/<uuid:run_id>/undo/", runs.undo, name="undo"),
    path("runs/<uuid:run_id>/drop/", runs.drop, name="drop"),
    path("runs/<uuid:run_id>/export/", runs.export, name="export"),
    path("hand-over/", runs.hand_over, name="hand-over"),
    path("decisions/<uuid:item>/", runs.decision, name="decision"),
    path("absences/", absences.index, name="absences"),
    path("absences/announce/", absences.announce, name="announce"),
    path("absences/<uuid:absence_id>/end/", absences.end, name="absence-end"),
    path("packages/", packages.index, name="packages"),
    path("given/<uuid:item>/take-back/", customer.take_back, name="take-back"),
    path("customers/<str:ref>/", customer.panel, name="panel"),
    path("customers/<str:ref>/package/", customer.package, name="panel-package"),
    path("customers/<str:ref>/assistant/", customer.assistant, name="assistant"),
    path("customers/<str:ref>/assistant/<uuid:item>/end/", customer.end_assistance, name="assistant-end"),
    path("customers/<str:ref>/give/", customer.give, name="give"),
]
