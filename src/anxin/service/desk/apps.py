from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "anxin.service.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from anxin.foundation.privacy import services as privacy
        from anxin.service.desk.services import holdings
        from django.utils.translation import gettext_noop

        from anxin.book.customers.services import merging
        from anxin.kernel import importing, permissions
        from anxin.service.desk import data, importers

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

        sections.register_section("touchpoints", "desk.view", queries.section)
        timeline.register_source("touchpoints", "desk.view", {"contact"}, queries.happenings)
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
