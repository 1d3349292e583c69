from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "anxin.foundation.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from anxin.foundation.notices import data
        from anxin.kernel import permissions
        from anxin.kernel.web import shell

        permissions.register(data.PERMISSIONS)
        shell.plug(unread=_unread, notices_url_name="notices:list")


def _unread(request: HttpRequest) -> int:
    from anxin.foundation.notices import queries
    from anxin.kernel.web.pages import actor_of

    return queries.count_unread(actor_of(request))
