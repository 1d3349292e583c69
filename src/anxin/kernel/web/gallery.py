"""The living style page: every component and every state on one page, shown while developing at /ui/gallery/."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext

from anxin.kernel import clock
from anxin.kernel.web import answers, tables

SWATCHES: Final = (
    "bg", "surface", "surface-2", "surface-3", "line", "line-input", "text-3", "text", "brand", "ok", "warn", "danger",
    "info", "vio", "gold-l", "diamond-l", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8",
)  # fmt: skip


class SampleForm(forms.Form):
    name = forms.CharField()
    phone = forms.RegexField(r"^1\d{10}$")
    due = forms.DateField(required=False, widget=forms.DateInput)
    unit = forms.ChoiceField(choices=[("sh", "上海分公司"), ("js", "江苏分公司")])
    channel = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    password = forms.CharField(required=False, widget=forms.PasswordInput)
    agreed = forms.BooleanField(required=False)
    opinion = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = {
            "name": (pgettext("gallery", "Name of customer"), ""),
            "phone": (pgettext("gallery", "Mobile number"), ""),
            "due": (pgettext("gallery", "Date due"), ""),
            "unit": (pgettext("gallery", "Unit"), pgettext("gallery", "Only units you have permission for")),
            "channel": (pgettext("gallery", "Channel"), ""),
            "password": (pgettext("gallery", "Password"), ""),
            "agreed": (pgettext("gallery", "The customer agreed to marketing messages"), ""),
            "opinion": (pgettext("gallery", "Opinion"), ""),
        }
        for code, (label, hint) in texts.items():
            self.fields[code].label = label
            self.fields[code].help_text = hint
        self.fields["phone"].error_messages["invalid"] = pgettext("gallery", "Must be 11 digits")
        cast(forms.MultipleChoiceField, self.fields["channel"]).choices = [
            ("call", pgettext("gallery", "Telephone")),
            ("sms", pgettext("gallery", "SMS")),
            ("visit", pgettext("gallery", "Visit")),
        ]


def show(request: HttpRequest) -> HttpResponse:
    """GET: the page. GET ?broken=1 answers 500, ?toast=1 a toast with undo: to see how the page takes it."""
    if request.GET.get("broken"):
        return HttpResponse(status=500)
    if request.GET.get("toast"):
        return answers.toast(
            HttpResponse(status=204), pgettext("gallery", "Ticket GD20261012083 is completed."), undo_url="?undone=1"
        )
    if request.GET.get("message"):
        messages.success(request, pgettext("gallery", "Saved."))
    now = clock.now()
    hour = timedelta(hours=1)
    rows = [
        ("GD20261012083", "陈*", "platinum", "保单贷款到账账户变更，需双人复核", now - 2.3 * hour, "待复核", "info", 1),
        (
            "TS20261008004",
            "赵*琴",
            "standard",
            "销售误导：收益演示与条款不一致（监管转办）",
            now + hour * 0.8,
            "方案拟定",
            "warn",
            2,
        ),
        ("GD20261012061", "刘*东", "gold", "车险非现场查勘照片补传", now + 6 * hour, "待客户", "", 0),
        ("GD20261012040", "吴*", "diamond", "电子发票抬头修改", now + 40 * hour, "处理中", "info", 0),
    ]
    columns = (
        tables.Column(code="ref", label=pgettext("gallery", "No."), sort="ref"),
        tables.Column(code="customer", label=pgettext("gallery", "Customer")),
        tables.Column(code="subject", label=pgettext("gallery", "Subject"), flexible=True),
        tables.Column(code="premium", label=pgettext("gallery", "Premium"), kind="money", sort="premium"),
        tables.Column(code="due", label=pgettext("gallery", "Time left"), sort="due"),
        tables.Column(code="state", label=pgettext("gallery", "Status")),
    )
    form = SampleForm(
        {"name": "王*明", "phone": "1386721", "due": "2026-11-02", "unit": "sh"}
        if not request.GET.get("clean")
        else None
    )
    bars = {
        "categories": ["理赔时效", "销售误导", "退保纠纷", "续期扣费", "服务态度", "其他"],
        "series": [{"name": pgettext("gallery", "Complaints"), "data": [312, 248, 197, 121, 98, 66], "labels": True}],
        "target": {"value": 200, "text": pgettext("gallery", "Limit 200")},
    }
    lines = {
        "categories": ["13", "25", "37", "49"],
        "unit": "%",
        "min": 70,
        "series": [
            {"name": "2025", "data": [92.6, 88.1, 85.0, 83.2]},
            {"name": "2024", "data": [90.1, 85.0, 82.1, 80.0], "past": True},
        ],
    }
    radar = {
        "categories": ["可靠", "保证", "有形", "移情", "响应"],
        "min": 60,
        "series": [
            {"name": "本季", "data": [88, 89, 85, 83, 84]},
            {"name": "上季", "data": [86, 88, 84, 80, 85], "past": True},
        ],
    }
    return render(
        request,
        "ui/gallery.html",
        {
            "tickets": rows,
            "columns": columns,
            "list_page": tables.Page(rows=rows, start=51, next_cursor="n", previous_cursor="p", total=1286),
            "form": form,
            "bars": bars,
            "lines": lines,
            "radar": radar,
            "swatches": SWATCHES,
            "spark": [88, 89.5, 89, 91, 90.2, 92.6],
            "hour_ago": now - hour,
            "now": now,
            "tomorrow": now + 26 * hour,
            "steps": [
                {"label": pgettext("gallery", "Received"), "note": "10-12 10:14", "state": "done"},
                {"label": pgettext("gallery", "Assigned"), "note": "10-12 11:02", "state": "done"},
                {
                    "label": pgettext("gallery", "Investigation"),
                    "note": pgettext("gallery", "in progress"),
                    "state": "current",
                },
                {"label": pgettext("gallery", "Reply"), "note": "", "state": ""},
            ],
            "options": [
                {"value": code, "label": name, "checked": code == "gold", "count": count}
                for code, name, count in (
                    ("diamond", pgettext("gallery", "Diamond"), 12),
                    ("gold", pgettext("gallery", "Gold"), 138),
                    ("std", pgettext("gallery", "Standard"), 489),
                )
            ],
            "crumbs": [("#", pgettext("gallery", "Customers")), ("", "王*明")],
            "counts": [
                (pgettext("gallery", "Created"), 11_204),
                (pgettext("gallery", "Updated"), 832),
                (pgettext("gallery", "Rejected"), 401),
            ],
        },
    )
