from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "anxin.foundation.documents"
    label = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from anxin.foundation.documents import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
