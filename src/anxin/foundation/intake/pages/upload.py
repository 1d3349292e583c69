"""The first step: a file."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from anxin.foundation.intake import forms, queries
from anxin.foundation.intake.pages.blanks import kinds
from anxin.foundation.intake.pages.states import steps_of
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.rules.profile import ProfileError
from anxin.foundation.intake.services import uploads
from anxin.foundation.intake.services.profiles import ProfileNotFound
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page


@page("intake.run", methods=("GET", "HEAD", "POST"))
def new_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    profiles = queries.active_profiles(actor)
    form = forms.UploadForm(request.POST or None, request.FILES or None, profiles=profiles)
    if request.method == "POST":
        form = forms.UploadForm(request.POST, request.FILES, profiles=profiles)
        if form.is_valid():
            file: UploadedFile[bytes] = form.cleaned_data["file"]
            try:
                batch = uploads.take(actor=actor, now=clock.now(), file=file, profile_name=form.cleaned_data["profile"])
                return redirect("intake:batch", batch.ref)
            except (FileRefused, ProfileError) as error:
                form.add_error("file", uploads.refusal(error))
            except ProfileNotFound:
                form.add_error("profile", gettext("This profile is no longer in use. Choose another one."))
    context = {
        "form": form,
        "steps": steps_of(None),
        "largest_mb": forms.LARGEST_UPLOAD_MB,
        "kinds": kinds(),
        "nav": "intake",
    }
    return render(request, "intake/new.html", context, status=422 if form.errors else 200)
