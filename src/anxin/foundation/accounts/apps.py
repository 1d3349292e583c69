from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "anxin.foundation.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from anxin.foundation.accounts import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)

        from django.db.models.signals import post_migrate

        post_migrate.connect(_ship_roles, sender=self)


def _ship_roles(**_kwargs: object) -> None:
    from anxin.foundation.accounts import services

    services.ensure_shipped_roles()
