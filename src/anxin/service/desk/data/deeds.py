"""What the audit trail says of this room, in words."""

from __future__ import annotations

from anxin.kernel.words import mark as _

DEEDS: dict[str, str] = {
    "desk.open": _("Opened a ticket"),
    "desk.take": _("Took a ticket"),
    "desk.ask": _("Asked the customer"),
    "desk.refer": _("Referred a ticket to another department"),
    "desk.resume": _("Went on with a ticket"),
    "desk.resolve": _("Resolved a ticket"),
    "desk.close": _("Closed a ticket"),
    "desk.reopen": _("Reopened a ticket"),
    "desk.withdraw": _("Withdrew a ticket"),
    "desk.merge": _("Merged tickets"),
    "desk.hand_over": _("Handed a ticket over"),
    "desk.return": _("Returned a ticket to the queue"),
    "desk.attach": _("Attached a file to a ticket"),
    "desk.fetch_file": _("Opened a file of a ticket"),
    "desk.fetch_contact_file": _("Opened a file of a contact"),
    "desk.record_touchpoint": _("Recorded a contact"),
    "desk.call_out": _("Called a customer from the page"),
    "desk.call_refused": _("Did not call a customer: not for this purpose"),
    "desk.set_profile": _("Set what an agent is given"),
    "desk.recognise": _("Said who was calling"),
    "desk.wrap_up": _("Wrote a note after a call"),
    "desk.write_macro": _("Wrote a macro"),
    "desk.retire_macro": _("Retired a macro"),
    "desk.set_up_counters": _("Set up the counters of an outlet"),
    "desk.apply_macro": _("Applied a macro"),
}
THINGS: dict[str, str] = {"ticket": _("Ticket"), "call": _("Call")}
