from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "anxin.foundation.documents"
    label = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.foundation.documents import data
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.privacy.data import Holdings
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
        privacy.register_room(
            Holdings(
                room="documents",
                keeps={
                    "Document": gettext_noop("Imported and exported files go by themselves on their day."),
                },
            )
        )
