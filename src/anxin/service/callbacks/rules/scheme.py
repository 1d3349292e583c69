"""The rules of a site: clocks, attempts, who is called; and the questionnaires. Both are schemes with versions."""

from __future__ import annotations

from typing import Any, Final

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _
from anxin.service.callbacks.data import Kind, Question

RULES: Final = "callbacks.rules"
QUESTIONS: Final = "callbacks.questions"
ANY: Final = "any"
NONE: Final = "none"
# The question that comes first everywhere: is this the person?
IDENTITY: Final = "identity"


def _whole(code: str, label: str, hint: str = "") -> SchemeField:
    return SchemeField(code=code, label=label, kind=FieldKind.INTEGER, hint=hint)


def _text(code: str, label: str, hint: str = "") -> SchemeField:
    return SchemeField(code=code, label=label, kind=FieldKind.TEXT, hint=hint)


RULE_FIELDS = (
    _text("lines", _("Lines called back after the sale"), _("Codes with commas; of terms longer than a year.")),
    SchemeField(
        code="cooling", label=_("Cooling-off period by channel and line"), kind=FieldKind.ROWS,
        hint=_("The first row that fits counts, where the product itself says nothing."),
        columns=(_text("channel", _("Channel")), _text("line", _("Line")), _whole("days", _("Days"))),
    ),
    _whole("cooling_days", _("Cooling-off period elsewhere, days")),
    _text("measure", _("The period counts"), _("natural_days or working_days.")),
    _whole(
        "assumed_days", _("Without a receipt: delivered days after acceptance"),
        _("The clock then is an assumption, marked as such, until the receipt comes."),
    ),
    _whole("look_back_days", _("Made up to days after the period ended"), _("Older policies are left alone.")),
    _whole("amber_percent", _("About to be late from per cent of the time")),
    _whole("most_attempts", _("Attempts by telephone")),
    _whole("retry_hours", _("Hours until the next attempt")),
    _whole(
        "agreed_minutes", _("After an agreed time anybody may call, minutes"),
        _("Who agreed on it has so long to call."),
    ),
    _whole("handed_hours", _("What was handed over is anybody's again after hours")),
    _whole(
        "abandoned_minutes", _("A call begun and left goes back after minutes"),
        _("Counted from the last answer that was kept."),
    ),
    _whole("call_from_hour", _("Customers are called from, hour")),
    _whole("call_until_hour", _("Customers are called until, hour")),
    _whole("problem_days", _("Working days to solve a problem that was found")),
    _text("sales_roles", _("Roles in sales"), _("They may not solve what a call-back found. Codes with commas.")),
    _whole("second_days", _("Working days until the second call-back")),
    _whole("renewal_days", _("Renewal: days before the cover ends")),
    _text("renewal_who", _("Renewal: whose customers"), _("unmanaged, all or none.")),
    _whole("satisfaction_percent", _("Satisfaction: share of solved tickets, per cent")),
    _whole("satisfaction_days", _("Satisfaction: working days")),
    _whole("claim_days", _("Claims: working days after the end")),
    _whole("quiet_days", _("Days between two questions about satisfaction")),
    _whole("hand_days", _("Planned by hand: days to make the call")),
    _whole("care_days", _("Regular care: days to make the call")),
    SchemeField(
        code="care", label=_("Regular care by ABC class"), kind=FieldKind.ROWS,
        columns=(_text("abc", _("Class")), _whole("days", _("Days"))),
    ),
)  # fmt: skip
# 15 days: long-term health insurance (健康保险管理办法) and bancassurance; products elsewhere usually give it too.
RULE_DEFAULT: Content = {
    "lines": "life, annuity, health, accident",
    "cooling": [
        {"channel": "bancassurance", "line": ANY, "days": 15},
        {"channel": ANY, "line": "health", "days": 15},
    ],
    "cooling_days": 15,
    "measure": "natural_days",
    "assumed_days": 15,
    "look_back_days": 30,
    "amber_percent": 60,
    "most_attempts": 5,
    "retry_hours": 4,
    "agreed_minutes": 30,
    "handed_hours": 24,
    "abandoned_minutes": 120,
    "call_from_hour": 9,
    "call_until_hour": 20,
    "problem_days": 15,
    "sales_roles": "customer_manager",
    "second_days": 5,
    "renewal_days": 30,
    "renewal_who": "unmanaged",
    "satisfaction_percent": 20,
    "satisfaction_days": 3,
    "claim_days": 5,
    "quiet_days": 90,
    "hand_days": 4,
    "care_days": 7,
    "care": [{"abc": "A", "days": 30}, {"abc": "B", "days": 60}, {"abc": "C", "days": 90}],
}
WHO: Final = ("unmanaged", "all", "none")
_BOUNDS: Final = {
    "cooling_days": (1, 90), "assumed_days": (0, 60), "look_back_days": (0, 180), "amber_percent": (1, 99),
    "most_attempts": (1, 20), "retry_hours": (0, 168), "call_from_hour": (0, 23), "call_until_hour": (1, 24),
    "problem_days": (1, 60), "second_days": (1, 60), "renewal_days": (1, 180), "satisfaction_percent": (0, 100),
    "satisfaction_days": (1, 60), "claim_days": (1, 60), "quiet_days": (0, 730),
    "agreed_minutes": (0, 1_440), "handed_hours": (1, 336), "abandoned_minutes": (10, 1_440), "hand_days": (1, 60),
    "care_days": (1, 60),
}  # fmt: skip


def rule_problems(content: Content) -> list[Problem]:
    rows: Any = content
    found = [
        Problem(path=code, message=_("Choose between %(least)s and %(most)s."), values={"least": least, "most": most})
        for code, (least, most) in _BOUNDS.items()
        if not least <= rows[code] <= most
    ]
    if rows["measure"] not in ("natural_days", "working_days"):
        found.append(Problem(path="measure", message=_("Choose natural_days or working_days.")))
    if rows["renewal_who"] not in WHO:
        found.append(Problem(path="renewal_who", message=_("Choose unmanaged, all or none.")))
    if rows["call_from_hour"] >= rows["call_until_hour"]:
        found.append(Problem(path="call_until_hour", message=_("The hours end before they begin.")))
    for part in ("cooling", "care"):
        for number, row in enumerate(rows[part], 1):
            if not 1 <= row["days"] <= 400:
                found.append(Problem(path=f"{part}.{number}.days", message=_("Choose between 1 and 400 days.")))
    return found


QUESTION_FIELDS = (
    SchemeField(
        code="openings", label=_("How the call begins"), kind=FieldKind.ROWS,
        columns=(_text("kind", _("Kind")), _text("text_zh", _("In Chinese")), _text("text_en", _("In English"))),
    ),
    SchemeField(
        code="questions", label=_("Questions in their order"), kind=FieldKind.ROWS,
        columns=(
            _text("kind", _("Kind")), _text("code", _("Code")),
            _text("form", _("Form of the answer"), _("yes_no, score or text.")),
            _text("text_zh", _("In Chinese")), _text("text_en", _("In English")),
            _text("problem", _("Answers that are a problem"), _("Codes with commas, or none.")),
            _text("channels", _("Asked on channels"), _("Codes with commas, or any.")),
        ),
    ),
)  # fmt: skip


def _ask(kind: str, code: str, zh: str, en: str, form: str = "yes_no", problem: str = "no, unsure", channels: str = ANY) -> dict[str, str]:  # noqa: E501 # fmt: skip
    return {
        "kind": kind, "code": code, "form": form, "text_zh": zh, "text_en": en, "problem": problem,
        "channels": channels,
    }  # fmt: skip


# New business: the seven items of 人身保险业务基本服务规定, and the question about the recording (保监发〔2017〕54号),
# asked on the channels where a sale is recorded.
QUESTION_DEFAULT: Content = {
    "openings": [
        {
            "kind": "new_business",
            "text_zh": "您好，这里是安心保险客户服务中心。您近期投保了长期保险，现按监管要求回访，本次通话将被录音。",
            "text_en": "Good day, this is the service centre of your insurer. You took out a long-term policy; we are bound to call you back, and this call is recorded.",  # noqa: E501
        },
        {
            "kind": "renewal",
            "text_zh": "您好，这里是安心保险客户服务中心。您的保单即将到期，想了解一下您的续保意向。",
            "text_en": "Good day, this is the service centre of your insurer. Your policy ends soon; may we ask what you intend to do?",  # noqa: E501
        },
        {
            "kind": "satisfaction",
            "text_zh": "您好，这里是安心保险客户服务中心。您近期的服务申请已办结，想听听您的评价。",
            "text_en": "Good day, this is the service centre of your insurer. Your request was settled; may we ask how you found it?",  # noqa: E501
        },
        {
            "kind": "claim",
            "text_zh": "您好，这里是安心保险客户服务中心。您的理赔案件已结案，想听听您对理赔服务的评价。",
            "text_en": "Good day, this is the service centre of your insurer. Your claim is closed; may we ask how you found it?",  # noqa: E501
        },
        {
            "kind": "care",
            "text_zh": "您好，这里是安心保险客户服务中心，给您做一次定期回访，了解您近期的保险需求。",
            "text_en": "Good day, this is the service centre of your insurer. May we ask how you are?",
        },
    ],
    "questions": [
        _ask(
            "new_business", IDENTITY, "请问您是投保人本人吗？（请客户报出证件号码后四位核对）",
            "Are you the policyholder? (Ask for the last four characters of the document and compare.)", problem=NONE,
        ),
        _ask("new_business", "signed", "投保单、投保提示书上的签名是您本人亲笔签署的吗？",
             "Did you buy this policy and sign the proposal yourself?"),
        _ask("new_business", "read", "您是否已阅读并理解产品说明书和投保提示的内容？",
             "Did you read and understand the product description and the notice to applicants?"),
        _ask("new_business", "cover", "您是否清楚保险责任、责任免除和保险期间？",
             "Do you know what is covered, what is excluded and for how long?"),
        _ask("new_business", "surrender", "您是否清楚退保可能会有损失？",
             "Do you know that you may lose money when you surrender the policy?"),
        _ask("new_business", "cooling_off", "您是否清楚犹豫期的起算时间、期间以及您享有的权利？",
             "Do you know when the cooling-off period begins, how long it is and what you may do in it?"),
        _ask("new_business", "payment", "您是否清楚缴费期间和缴费频率？",
             "Do you know for how long and how often the premium is paid?"),
        _ask("new_business", "recording", "销售过程中，工作人员是否对关键环节进行了录音录像？",
             "Was the sale recorded in sound and picture?", channels="bancassurance, agent"),
        _ask("renewal", IDENTITY, "请问您是投保人本人吗？", "Are you the policyholder?", problem=NONE),
        _ask("renewal", "renew", "保单到期后您是否打算继续投保？", "Do you intend to renew?", problem=NONE),
        _ask("renewal", "score", "您对过去一年的服务满意吗？1 到 5 分，5 分为非常满意。",
             "How satisfied are you with the last year, from 1 to 5 (best)?", "score", "1, 2"),
        _ask("renewal", "remark", "您还有什么意见或建议？", "Is there anything you want to tell us?", "text", NONE),
        _ask("satisfaction", IDENTITY, "请问您是申请服务的客户本人吗？", "Are you the customer who asked for it?",
             problem=NONE),
        _ask("satisfaction", "solved", "您的问题是否已经解决？", "Is your request settled?", problem="no"),
        _ask("satisfaction", "score", "您对本次服务满意吗？1 到 5 分，5 分为非常满意。",
             "How satisfied are you, from 1 to 5 (best)?", "score", "1, 2"),
        _ask("satisfaction", "remark", "您还有什么意见或建议？", "Is there anything you want to tell us?", "text",
             NONE),
        _ask("claim", IDENTITY, "请问您是本次理赔的申请人吗？", "Are you the claimant?", problem=NONE),
        _ask("claim", "paid", "理赔款是否已经到账，或您是否已收到理赔结果通知？",
             "Did the money arrive, or the letter with the decision?", problem="no"),
        _ask("claim", "score", "您对本次理赔服务满意吗？1 到 5 分，5 分为非常满意。",
             "How satisfied are you with the claim, from 1 to 5 (best)?", "score", "1, 2"),
        _ask("claim", "remark", "您对目前的理赔以及其它服务有何意见或建议？",
             "Is there anything you want to tell us about claims or other service?", "text", NONE),
        _ask("care", IDENTITY, "请问您是客户本人吗？", "Are you the customer?", problem=NONE),
        _ask("care", "contact", "您预留的联系方式和地址是否有变化？", "Did your contact data or address change?",
             problem=NONE),
        _ask("care", "needs", "您近期是否有新的保险需求或家庭变化？",
             "Do you have new needs, or did anything change in your family?", problem=NONE),
        _ask("care", "score", "您对我们的服务满意吗？1 到 5 分，5 分为非常满意。",
             "How satisfied are you with us, from 1 to 5 (best)?", "score", "1, 2"),
        _ask("care", "remark", "您还有什么意见或建议？", "Is there anything you want to tell us?", "text", NONE),
    ],
}  # fmt: skip
FORMS: Final = ("yes_no", "score", "text")


def codes(text: str) -> frozenset[str]:
    """What a site wrote with commas; `any` and `none` are nothing."""
    return frozenset(part.strip() for part in text.split(",") if part.strip()) - {ANY, NONE}


def question_problems(content: Content) -> list[Problem]:
    """Each kind begins with the question who it is, and no code comes twice."""
    rows: Any = content["questions"]
    found = []
    seen: set[tuple[str, str]] = set()
    kinds: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        where = f"questions.{number}"
        if row["kind"] not in set(Kind):
            found.append(Problem(path=f"{where}.kind", message=_("There is no such kind of call-back.")))
        # Who it is must be said yes to: another form could never be answered so, and no call-back would end.
        if row["form"] not in FORMS or (row["code"] == IDENTITY and row["form"] != "yes_no"):
            found.append(Problem(path=f"{where}.form", message=_("Choose yes_no, score or text.")))
        if (row["kind"], row["code"]) in seen or len(row["code"]) > 20:
            found.append(Problem(path=f"{where}.code", message=_("Codes are short, and none comes twice.")))
        seen.add((row["kind"], row["code"]))
        if kinds.setdefault(row["kind"], row["code"]) != IDENTITY and row["code"] == kinds[row["kind"]]:
            found.append(
                Problem(path=f"{where}.code", message=_("The first question of a kind asks who it is: identity."))
            )
    for kind in Kind:
        if kind not in kinds:
            found.append(Problem(path="questions", message=_("Every kind of call-back needs questions.")))
            break
    return found


def questions_of(content: Content, kind: str) -> list[Question]:
    """The questions of a kind in their order."""
    rows: Any = content["questions"]
    return [
        Question(
            code=row["code"], form=row["form"], text_zh=row["text_zh"], text_en=row["text_en"],
            problem=codes(row["problem"]), channels=codes(row["channels"]), is_identity=row["code"] == IDENTITY,
        )
        for row in rows
        if row["kind"] == kind
    ]  # fmt: skip


def opening_of(content: Content, kind: str) -> tuple[str, str]:
    """What is said first, in Chinese and in English."""
    rows: Any = content["openings"]
    return next(((row["text_zh"], row["text_en"]) for row in rows if row["kind"] == kind), ("", ""))
