from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "anxin.foundation.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.foundation.accounts import data, handlers, pages
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.privacy.data import Holdings
        from anxin.kernel import permissions
        from anxin.kernel.web import navigation, shell

        permissions.register(data.PERMISSIONS)
        privacy.register_room(
            Holdings(
                room="accounts",
                keeps={
                    "User": gettext_noop("Holds staff, not customers."),
                    "AccessToken": gettext_noop("Holds staff, not customers."),
                    "IdempotentCall": gettext_noop("Answers of the API go by themselves within a day."),
                },
            )
        )
        handlers.connect()
        shell.plug(load_look=pages.load_look, save_look=pages.save_look)
        navigation.register(
            navigation.NavItem(
                code="users", label=_("Users"), icon="user", url_name="accounts:users", group="system", order=40,
                permission="accounts.view",
            ),
            navigation.NavItem(
                code="roles", label=_("Roles"), icon="shield-lock", url_name="accounts:roles", group="system", order=50,
                permission="accounts.view",
            ),
        )  # fmt: skip

        from django.db.models.signals import post_migrate

        post_migrate.connect(_ship_roles, sender=self)


def _ship_roles(**_kwargs: object) -> None:
    from anxin.foundation.accounts import services

    services.ensure_shipped_roles()
