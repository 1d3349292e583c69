from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "anxin.foundation.privacy"
    label = "privacy"
    verbose_name = _("Privacy")

    def ready(self) -> None:
        from anxin.foundation.privacy import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
