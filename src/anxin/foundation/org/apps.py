from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgConfig(AppConfig):
    name = "anxin.foundation.org"
    label = "org"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from anxin.foundation.accounts import queries as accounts
        from anxin.foundation.org import data, importers, pages, queries
        from anxin.kernel import importing, permissions
        from anxin.kernel.web import navigation, shell

        permissions.register(data.PERMISSIONS)
        accounts.register_membership(queries.members_within)
        shell.plug(person=pages.person)
        navigation.register(
            navigation.NavItem(
                code="org", label=_("Organisation"), icon="sitemap", url_name="org:units", group="system", order=10,
                permission="org.view",
            ),
            navigation.NavItem(
                code="staff", label=_("Staff"), icon="users-group", url_name="org:staff", group="system", order=20,
                permission="org.view",
            ),
            navigation.NavItem(
                code="calendars", label=_("Working calendars"), icon="calendar", url_name="org:calendars",
                group="system", order=30, permission="org.view",
            ),
        )  # fmt: skip
        post_migrate.connect(_ship_calendar, sender=self)
        for importer in importers.IMPORTERS:
            importing.register_importer(importer)


def _ship_calendar(**_kwargs: object) -> None:
    from anxin.foundation.org import services
    from anxin.kernel import clock

    services.ensure_site_calendar(this_year=clock.today().year)
