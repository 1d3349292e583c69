from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class PrivacyConfig(AppConfig):
    name = "anxin.foundation.privacy"
    label = "privacy"
    verbose_name = _("Privacy")

    def ready(self) -> None:
        from django.db.backends.signals import connection_created
        from django.db.models.signals import post_migrate

        from anxin.foundation.privacy import data, services
        from anxin.kernel import permissions
        from anxin.kernel.web import navigation

        permissions.register(data.PERMISSIONS)
        # The trail lies under this room and cannot speak for itself.
        services.register_room(
            data.Holdings(
                room="audit",
                keeps={"Entry": gettext_noop("Kept by law: who did or saw what. It names fields, never values.")},
            )
        )
        navigation.register(
            navigation.NavItem(
                code="privacy", label=_("Personal data"), icon="fingerprint", url_name="privacy:register",
                group="system", order=90, permission="privacy.view",
            )
        )  # fmt: skip
        navigation.register(
            navigation.NavItem(
                code="impact", label=_("Impact assessments"), icon="clipboard-check", url_name="privacy:activities",
                group="system", order=91, permission="privacy.view",
            )
        )  # fmt: skip
        post_migrate.connect(_prove, sender=self)
        connection_created.connect(_verify_once)


def _prove(**_kwargs: object) -> None:
    from anxin.foundation.privacy import services

    services.ensure_key_proof()


def _verify_once(connection: Any, **_kwargs: object) -> None:
    """Every way into the product (web, worker, command line) passes here with its first connection: no one forgets."""
    from django.db import ProgrammingError
    from django.db.backends.signals import connection_created

    from anxin.foundation.privacy import services

    connection_created.disconnect(_verify_once)
    try:
        services.verify_keys()
    except ProgrammingError:
        # The table is not there yet: `migrate` runs for the first time. Ask again at the next connection.
        connection_created.connect(_verify_once)
    except BaseException:
        connection_created.connect(_verify_once)
        raise
