from django.urls import path

from anxin.foundation.accounts import pages

app_name = "accounts"
urlpatterns = [
    path("", pages.users_page, name="users"),
    path("new/", pages.user_invite_page, name="user-invite"),
    path("<uuid:user_id>/", pages.user_page, name="user"),
    path("<uuid:user_id>/edit/", pages.user_edit_page, name="user-edit"),
    path("<uuid:user_id>/invitation/", pages.user_invitation_page, name="user-invitation"),
    path("<uuid:user_id>/state/", pages.user_state_page, name="user-state"),
    path("<uuid:user_id>/second-factor/", pages.second_factor_page, name="user-second-factor"),
    path("<uuid:user_id>/sessions/<int:session_id>/end/", pages.session_end_page, name="session-end"),
    path("roles/", pages.roles_page, name="roles"),
    path("roles/new/", pages.role_new_page, name="role-new"),
    path("roles/<slug:code>/", pages.role_page, name="role"),
    path("roles/<slug:code>/grants/", pages.role_grants_page, name="role-grants"),
    path("tokens/", pages.tokens_page, name="tokens"),
    path("tokens/new/", pages.token_new_page, name="token-new"),
    path("tokens/<uuid:token_id>/revoke/", pages.token_revoke_page, name="token-revoke"),
    path("settings/", pages.settings_page, name="settings"),
    path("settings/look/", pages.look_page, name="look"),
]
