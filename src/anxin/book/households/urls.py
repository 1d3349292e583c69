from django.urls import path

from anxin.book.households.pages import lists, one, panels

app_name = "households"
urlpatterns = [
    path("", lists.index, name="list"),
    path("proposals/", lists.proposals, name="proposals"),
    path("proposals/accept/", lists.accept_many, name="accept-many"),
    path("proposals/<uuid:proposal_id>/", lists.proposal, name="proposal"),
    path("proposals/<uuid:proposal_id>/accept/", lists.accept, name="accept"),
    path("proposals/<uuid:proposal_id>/refuse/", lists.refuse, name="refuse"),
    path("infer/", lists.start, name="infer"),
    path("customers/<str:ref>/", panels.household, name="panel"),
    path("customers/<str:ref>/network/", panels.relations, name="network"),
    path("customers/<str:ref>/create/", one.create, name="create"),
    path("<uuid:household_id>/", one.show, name="household"),
    path("<uuid:household_id>/members/add/", one.add_member, name="member-add"),
    path("<uuid:household_id>/members/<uuid:membership_id>/role/", one.set_role, name="member-role"),
    path("<uuid:household_id>/members/<uuid:membership_id>/leave/", one.leave, name="member-leave"),
    path("<uuid:household_id>/dissolve/", one.dissolve, name="dissolve"),
]
