from django.urls import path, re_path

from anxin.faces.workspace.pages import customers, items, search, views, workbench

app_name = "workspace"
urlpatterns = [
    path("", workbench.home_page, name="home"),
    path("work/new/", items.new_page, name="item-new"),
    path("work/owners/", items.owners_page, name="owners"),
    path("work/colleagues/", items.colleagues_page, name="colleagues"),
    path("work/hand-over/", items.hand_over_page, name="items-hand-over"),
    re_path(r"^work/(?P<action>done|snooze)/$", items.many_page, name="items-change"),
    path("work/<uuid:item_id>/", items.item_page, name="item"),
    path("work/<uuid:item_id>/done/", items.done_page, name="item-done"),
    path("work/<uuid:item_id>/snooze/", items.snooze_page, name="item-snooze"),
    path("work/<uuid:item_id>/reopen/", items.reopen_page, name="item-reopen"),
    path("work/<uuid:item_id>/hand-over/", items.hand_over_page, name="item-hand-over"),
    path("search/", search.search_page, name="search"),
    # Only this very address: what lies under it belongs to the room of customers.
    path("customers/", customers.list_page, name="customers"),
    re_path(r"^lists/customers/pick/(?P<what>manager|unit|division)/$", customers.pick_page, name="customers-pick"),
    path("lists/customers/filters/", customers.filters_page, name="customers-filters"),
    path("lists/customers/assignees/", customers.pick_assignee_page, name="customers-assignees"),
    re_path(r"^lists/customers/(?P<action>tag|untag)/$", customers.tag_page, name="customers-tag"),
    path("lists/customers/assign/", customers.assign_page, name="customers-assign"),
    path("lists/customers/export/", customers.export_page, name="customers-export"),
    path("lists/<slug:list_code>/views/new/", views.save_page, name="view-new"),
    path("lists/<slug:list_code>/views/<uuid:view_id>/", views.save_page, name="view-change"),
    path("lists/<slug:list_code>/views/<uuid:view_id>/delete/", views.delete_page, name="view-delete"),
]
