from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "anxin.book.customers"
    label = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from anxin.book.customers import data, importers
        from anxin.book.customers.services import holdings
        from anxin.foundation.privacy import services as privacy
        from anxin.kernel import importing, permissions

        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        for importer in importers.IMPORTERS:
            importing.register_importer(importer)
        self._take_part_in_the_file()
        self._keep_the_attention_list()
        self._limit_exports()

    @staticmethod
    def _limit_exports() -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.customers.services import volume
        from anxin.foundation.schemes import services as schemes

        schemes.register_kind(
            volume.SCHEME,
            label=gettext_noop("Exports"),
            help=gettext_noop("How much of customer data a person may take out in a day, and who hears of much."),
            fields=volume.FIELDS,
            default=volume.DEFAULT,
            validate=volume.problems,
        )

    @staticmethod
    def _keep_the_attention_list() -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.customers import handlers
        from anxin.book.customers.services import attention, attention_list, attention_review
        from anxin.foundation.approvals import services as approvals
        from anxin.foundation.approvals.data import ApprovalKind
        from anxin.foundation.intake.events import BatchFinished
        from anxin.foundation.jobs import services as jobs
        from anxin.kernel import events
        from anxin.kernel.web import navigation

        decide = "customers.attention_approve"
        for code, label, on_approved, on_closed in (
            (attention.ADD, gettext_noop("Attention list: new entry"), attention.on_added, attention.on_add_closed),
            (attention.LIFT, gettext_noop("Attention list: take off"), attention.on_lifted, None),
            (attention_review.KEEP, gettext_noop("Attention list: keep"), attention_review.on_kept, None),
            (attention.BATCH, gettext_noop("Attention list: import"), attention.on_batch_added, None),
        ):
            approvals.register_kind(
                ApprovalKind(
                    code=code, label=label, decide=decide, on_approved=on_approved, on_closed=on_closed,
                    page=handlers.attention_page,
                )
            )  # fmt: skip
        events.subscribe(BatchFinished, handlers.on_batch_finished)
        jobs.register_kind(attention_list.KIND, gettext_noop("Export of the attention list"))
        navigation.register(
            navigation.NavItem(
                code="attention", label=_("Attention list"), icon="flag", url_name="customers:attention-list",
                group="book", order=70, permission="customers.attention",
            )
        )  # fmt: skip

    @staticmethod
    def _take_part_in_the_file() -> None:
        from anxin.book.customers.queries import happenings, timeline
        from anxin.kernel.web import navigation, panels

        timeline.register_source("notes", "customers.view", {"file"}, happenings.notes, happenings.note_rows)
        timeline.register_source("custody", "customers.view", {"file"}, happenings.custody, happenings.custody_rows)
        timeline.register_source("edits", "customers.view", {"file"}, happenings.edits, happenings.edit_rows)
        for code, title, permission, area, order, css, refresh in (
            ("timeline", _("Timeline"), "view", "timeline", 10, "span3", "refresh-timeline"),
            ("profile", _("Basic data"), "view", "profile", 10, "span2", ""),
            ("contacts", _("Contact, documents, accounts"), "view", "profile", 20, "", "refresh-contacts"),
            ("facts", _("Life and work"), "view", "profile", 30, "span2", "refresh-facts"),
            ("relations", _("Family and relations"), "view", "relations", 10, "span3", "refresh-relations"),
            ("notes", _("Notes"), "view", "overview", 30, "", "refresh-notes"),
            ("custody", _("Who manages this customer"), "view", "compliance", 20, "", "refresh-custody"),
            ("consents", _("Consents and refusals"), "view", "compliance", 10, "span2", "refresh-consents"),
            ("attention", _("Attention list"), "attention", "compliance", 30, "", "refresh-attention"),
        ):
            panels.register(
                panels.Panel(
                    code=code, title=title, url_name=f"customers:panel-{code}", permission=f"customers.{permission}",
                    area=area, order=order, css=css, refresh=refresh, query="plain=1" if code == "relations" else "",
                )
            )  # fmt: skip
        # What one looks at first is also on the overview.
        panels.register(
            panels.Panel(
                code="recent", title=_("Timeline"), url_name="customers:panel-timeline", permission="customers.view",
                area="overview", order=11, css="tall", refresh="refresh-timeline",
            ),
            panels.Panel(
                code="family", title=_("Family and relations"), url_name="customers:panel-relations",
                permission="customers.view", area="overview", order=40, refresh="refresh-relations",
            ),
        )  # fmt: skip
        navigation.register(
            navigation.NavItem(
                code="custom_fields", label=_("Custom fields"), icon="adjustments", url_name="customers:fields",
                group="system", order=60, permission="customers.configure",
            )
        )  # fmt: skip
