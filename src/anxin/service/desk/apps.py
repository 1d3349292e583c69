from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "anxin.service.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.customers.services import merging
        from anxin.foundation.documents import services as documents
        from anxin.foundation.jobs import services as jobs
        from anxin.foundation.org import events as org_events
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import events, importing, permissions
        from anxin.service.desk import data, handlers, importers
        from anxin.service.desk.events import SeatChanged
        from anxin.service.desk.rules import calling, counters, notes, promising, types
        from anxin.service.desk.services import holdings
        from anxin.service.worklist import services as worklist
        from anxin.service.worklist.data import ItemKind

        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        merging.follows("desk.Touchpoint", "party", label=gettext_noop("Contacts with the customer"))
        merging.follows("desk.Ticket", "party", label=gettext_noop("Tickets"))
        merging.follows("desk.Call", "party", label=gettext_noop("Calls"))
        merging.follows("desk.CounterTicket", "party", label=gettext_noop("Numbers drawn at counters"))
        jobs.register_kind("desk.macro", gettext_noop("Macro applied to tickets"))
        jobs.register_kind("desk.recompute", gettext_noop("Promises counted anew"))
        documents.register_purpose("ticket", permission="desk.tickets")
        documents.register_purpose("contact", permission="desk.view")
        worklist.register_kind(
            ItemKind(
                code="ticket_due", label=gettext_noop("Promise of a ticket"), icon="ticket",
                text=gettext_noop("Ticket %(number)s: keep the promised time"), page=_address,
            )
        )  # fmt: skip
        worklist.register_kind(
            ItemKind(code="appointment", label=gettext_noop("Appointment with the customer"), icon="calendar-event")
        )
        schemes.register_kind(
            notes.NOTES,
            label=gettext_noop("Templates of quick notes"),
            help=gettext_noop("What staff write about contacts again and again; a digit chooses one."),
            fields=notes.NOTE_FIELDS,
            default=notes.NOTE_DEFAULT,
            validate=notes.note_problems,
        )
        schemes.register_kind(
            types.TYPES,
            label=gettext_noop("Types of tickets"),
            help=gettext_noop("What customers come for, what each asks and needs, who gets it and by when."),
            fields=types.TYPE_FIELDS,
            default=types.TYPE_DEFAULT,
            validate=types.type_problems,
        )
        schemes.register_kind(
            promising.SERVICE,
            label=gettext_noop("Promises and routing of tickets"),
            help=gettext_noop("Green channel, standard time for each step, who is given what."),
            fields=promising.SERVICE_FIELDS,
            default=promising.SERVICE_DEFAULT,
            validate=promising.service_problems,
        )
        schemes.register_kind(
            calling.CALLS,
            label=gettext_noop("Call centre"),
            help=gettext_noop("What calls are about, the menu of the telephone, by what the call centre is measured."),
            fields=calling.CALL_FIELDS,
            default=calling.CALL_DEFAULT,
            validate=calling.call_problems,
        )
        schemes.register_kind(
            counters.COUNTERS,
            label=gettext_noop("Counters"),
            help=gettext_noop("What is served, how long it takes, when a wait is long."),
            fields=counters.COUNTER_FIELDS,
            default=counters.COUNTER_DEFAULT,
            validate=counters.counter_problems,
        )
        for importer in importers.IMPORTERS:
            importing.register_importer(importer)
        events.subscribe(SeatChanged, handlers.on_seat_changed)
        events.subscribe(org_events.CalendarChanged, handlers.on_calendar_changed)
        self._take_part_in_the_file()

    @staticmethod
    def _take_part_in_the_file() -> None:
        from anxin.book.customers.queries import sections, timeline
        from anxin.kernel.web import navigation, panels
        from anxin.service.desk import queries
        from anxin.service.desk.services import dialling

        sections.register_section("touchpoints", "desk.view", {"latest": queries.rows}, queries.section)
        timeline.register_source("touchpoints", "desk.view", {"contact"}, queries.happenings, queries.rows)
        timeline.register_source("tickets", "desk.tickets", {"contact"}, queries.file_happenings, queries.file_rows)
        panels.register(
            panels.Panel(
                code="touchpoints", title=_("Contacts with the customer"), url_name="desk:panel-touchpoints",
                permission="desk.view", area="timeline", order=20, css="span3", refresh="refresh-contacts-had",
            )
        )  # fmt: skip
        panels.register(
            panels.Panel(
                code="tickets", title=_("Tickets"), url_name="desk:panel-tickets", permission="desk.tickets",
                area="timeline", order=10, css="span3", refresh="tickets-changed",
            )
        )  # fmt: skip
        navigation.register(
            navigation.NavItem(
                code="desk", label=_("Service tickets"), icon="ticket", url_name="desk:inbox", group="service",
                order=20, permission="desk.tickets", key="t",
            )
        )  # fmt: skip
        navigation.register(
            navigation.NavItem(
                code="calls", label=_("Call panel"), icon="headset", url_name="desk:seat", group="service",
                order=30, permission="desk.calls",
            )
        )  # fmt: skip
        navigation.register(
            navigation.NavItem(
                code="call-figures", label=_("Call centre in figures"), icon="chart-line",
                url_name="desk:call-figures", group="service", order=35, permission="desk.lead",
            )
        )  # fmt: skip
        navigation.register(
            navigation.NavItem(
                code="agents", label=_("Agents and skills"), icon="users", url_name="desk:agents", group="service",
                order=36, permission="desk.lead",
            )
        )  # fmt: skip
        navigation.register(
            navigation.NavItem(
                code="counters", label=_("Counters"), icon="building-store", url_name="desk:lobby", group="service",
                order=40, permission="desk.counter",
            )
        )  # fmt: skip
        panels.register_action(
            panels.Action(
                code="record", label=_("Record a contact"), icon="phone", url_name="desk:record",
                permission="desk.record", order=10, press="quick",
            )
        )  # fmt: skip
        if dialling.is_connected():
            panels.register_action(
                panels.Action(
                    code="call", label=_("Call this customer"), icon="phone-outgoing", url_name="desk:call-customer",
                    permission="desk.calls", order=12,
                )
            )  # fmt: skip
        panels.register_action(
            panels.Action(
                code="visit", label=_("Prepare a visit"), icon="map-pin", url_name="desk:visit",
                permission="desk.view", order=40, is_page=True,
            )
        )  # fmt: skip


def _address(ticket_id: UUID) -> str:
    from django.urls import reverse

    return reverse("desk:ticket", args=[ticket_id])
