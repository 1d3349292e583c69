from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorklistConfig(AppConfig):
    name = "anxin.service.worklist"
    label = "worklist"
    verbose_name = _("Worklist")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.customers.events import NoteChanged
        from anxin.book.customers.services import merging
        from anxin.book.diligence.events import ReviewDue
        from anxin.book.upkeep import events as upkeep
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import events, permissions
        from anxin.kernel.web import panels
        from anxin.service.worklist import data, handlers, rules
        from anxin.service.worklist.services import holdings

        permissions.register(data.PERMISSIONS)
        events.subscribe(NoteChanged, handlers.note_changed)
        events.subscribe(ReviewDue, handlers.review_due)
        events.subscribe(upkeep.CorrectionOpened, handlers.correction_opened)
        events.subscribe(upkeep.CorrectionClosed, handlers.correction_closed)
        events.subscribe(upkeep.CardAnswered, handlers.card_answered)
        events.subscribe(upkeep.CardDecided, handlers.card_decided)
        privacy.register_room(holdings.HOLDINGS)
        merging.follows("worklist.WorkItem", "party", label=gettext_noop("Task"))
        rules.register_kind(data.ItemKind(code="task", label=gettext_noop("Task"), icon="checklist"))
        rules.register_kind(
            data.ItemKind(
                code="diligence", label=gettext_noop("Due diligence"), icon="search",
                text=gettext_noop("Due diligence is to be reviewed"),
            )
        )  # fmt: skip
        rules.register_kind(data.ItemKind(code="note", label=gettext_noop("Note due"), icon="notes"))
        rules.register_kind(
            data.ItemKind(
                code="birthday",
                label=gettext_noop("Birthday"),
                icon="cake",
                text=gettext_noop("Birthday on %(day)s, turns %(age)s"),
            )
        )
        rules.register_kind(
            data.ItemKind(
                code="fact_ends", label=gettext_noop("Fact about to end"), icon="clock",
                text=gettext_noop("%(day)s: something noted of the customer ends, ask whether it still holds"),
            )
        )  # fmt: skip
        rules.register_kind(
            data.ItemKind(
                code="correction",
                label=gettext_noop("Correction of a file"),
                icon="clipboard-check",
                text=gettext_noop("Put the customer's file right"),
                page=_correction,
            )
        )
        rules.register_kind(
            data.ItemKind(
                code="card",
                label=gettext_noop("Filled-in card"),
                icon="id",
                text=gettext_noop("The customer filled in a card: decide on the values"),
                page=_card,
            )
        )
        schemes.register_kind(
            rules.OUTCOMES,
            label=gettext_noop("Outcomes of work items"),
            help=gettext_noop("How a contact can end, and whether the item is then done."),
            fields=rules.OUTCOME_FIELDS,
            default=rules.OUTCOME_DEFAULT,
            validate=rules.outcome_problems,
        )
        schemes.register_kind(
            rules.CARE,
            label=gettext_noop("Care basics"),
            help=gettext_noop("How early staff hear of occasions of their customers."),
            fields=rules.CARE_FIELDS,
            default=rules.CARE_DEFAULT,
            validate=rules.care_problems,
        )
        panels.register(
            panels.Panel(
                code="worklist",
                title=_("To do for this customer"),
                url_name="worklist:panel",
                permission="worklist.work",
                area="overview",
                order=30,
                refresh="worklist-changed",
            )
        )


def _correction(correction_id: UUID) -> str:
    from django.urls import reverse

    return reverse("upkeep:resolve", args=[correction_id])


def _card(answer_id: UUID) -> str:
    from django.urls import reverse

    return reverse("upkeep:answer", args=[answer_id])
