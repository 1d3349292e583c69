from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "anxin.service.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.customers.services import merging
        from anxin.foundation.privacy import services as privacy
        from anxin.kernel import importing, permissions
        from anxin.service.desk import data, importers
        from anxin.service.desk.services import holdings

        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        merging.follows("desk.Touchpoint", "party", label=gettext_noop("Contacts with the customer"))
        for importer in importers.IMPORTERS:
            importing.register_importer(importer)
        self._take_part_in_the_file()

    @staticmethod
    def _take_part_in_the_file() -> None:
        from anxin.book.customers.queries import sections, timeline
        from anxin.kernel.web import panels
        from anxin.service.desk import queries

        sections.register_section("touchpoints", "desk.view", {"latest": queries.rows}, queries.section)
        timeline.register_source("touchpoints", "desk.view", {"contact"}, queries.happenings, queries.rows)
        panels.register(
            panels.Panel(
                code="touchpoints", title=_("Contacts with the customer"), url_name="desk:panel-touchpoints",
                permission="desk.view", area="timeline", order=20, css="span3", refresh="refresh-contacts-had",
            )
        )  # fmt: skip
        panels.register_action(
            panels.Action(
                code="record", label=_("Record a contact"), icon="phone", url_name="desk:record",
                permission="desk.record", order=10,
            )
        )  # fmt: skip
