"""/platform/backends/: every place where work runs, and what an admin does with it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import platform_required
from ij8.ai.keys.presence import presence
from ij8.core.errors import Invalid, NotFound
from studio.engines import ENGINES
from studio.jobs import backends
from studio.jobs.places import drain, move_waiting, reopen
from studio.models import LIVE, Backend, Job, State


class BackendForm(forms.ModelForm):
    class Meta:
        model = Backend
        fields = ("name", "slots", "enabled", "notes")
        labels = {
            "name": gettext_lazy("Name"),
            "slots": gettext_lazy("Slots"),
            "enabled": gettext_lazy("In use"),
            "notes": gettext_lazy("Notes"),
        }
        help_texts = {"slots": gettext_lazy("Pieces of work at once; for a graphics card two: one runs, one waits.")}
        widgets = {"notes": forms.Textarea(attrs={"rows": 2})}

    slots = forms.IntegerField(min_value=1, max_value=64)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@platform_required("admin", "dev")
def platform_backends(request: HttpRequest) -> HttpResponse:
    wrong: BackendForm | None = None
    if request.method == "POST":
        backend = Backend.objects.filter(slug=request.POST.get("backend", "")).first()
        if backend is None:
            raise NotFound()
        act = request.POST.get("act", "")
        if act not in ACTS:
            raise Invalid(_("This form is incomplete. Reload the page."), field="act", allowed=", ".join(ACTS))
        wrong = ACTS[act](request, backend)
        if wrong is None:
            return redirect("platform_backends")
    return render(request, "platform/backends.html", {"places": _places(wrong)})


def _drain(request: HttpRequest, backend: Backend) -> None:
    drain(backend.slug)
    messages.success(request, _("%(name)s takes no new work. What runs there goes on to its end.") % {"name": backend.name})


def _open(request: HttpRequest, backend: Backend) -> None:
    reopen(backend.slug)
    messages.success(request, _("%(name)s takes work again.") % {"name": backend.name})


def _move(request: HttpRequest, backend: Backend) -> None:
    moved, left = move_waiting(backend.slug)
    said = ngettext("%(n)d waiting piece of work was moved.", "%(n)d waiting pieces of work were moved.", moved) % {"n": moved}
    if left:
        stay = ngettext("%(n)d stays: no other place has its model.", "%(n)d stay: no other place has their models.", left)
        said = f"{said} {stay % {'n': left}}"
    messages.success(request, said)


def _change(request: HttpRequest, backend: Backend) -> BackendForm | None:
    form = BackendForm(request.POST, instance=backend, prefix=backend.slug)
    if not form.is_valid():
        return form
    Backend.objects.filter(slug=backend.slug).update(**form.cleaned_data)  # not the rest: workers write it meanwhile
    messages.success(request, _("Saved."))
    return None


ACTS = {"drain": _drain, "open": _open, "move": _move, "change": _change}


def _places(wrong: BackendForm | None) -> list[dict[str, Any]]:
    running = dict(Job.objects.filter(state__in=LIVE).values_list("backend").annotate(n=Count("id")))
    waiting: dict[str, int] = {}
    queued = Job.objects.filter(state=State.QUEUED).values_list("allowed_backends").annotate(n=Count("id"))
    for slugs, n in queued:
        for slug in slugs:
            waiting[slug] = waiting.get(slug, 0) + n
    keys = {one.provider: one.state for one in presence()}
    rows = Backend.objects.exclude(slug=backends.PROVIDERS).order_by("-enabled", "slug")  # calls to vendors are no machine
    return [_place(backend, running, waiting, wrong, keys) for backend in rows]


def _place(
    backend: Backend, running: dict[str, int], waiting: dict[str, int], wrong: BackendForm | None, keys: dict[str, str]
) -> dict[str, Any]:
    """`keys`: of each provider, whether the installation has one (`ij8.ai.keys.presence`)."""
    models = backends.models_at(backend) if backend.engine in ENGINES else ()
    total, free = backend.facts.get("vram_total"), backend.facts.get("vram_free")
    return {
        "backend": backend,
        "running": running.get(backend.slug, 0),
        "waiting": waiting.get(backend.slug, 0),
        "unconnected": backend.engine in keys and not keys[backend.engine],
        "is_provider": backend.engine in keys,
        "talks_by": settings.CHAT_MODELS.get(backend.engine, ""),
        "models": [model for model in models if not model.why_not],
        "lacking": [model for model in models if model.why_not],
        "vram": {"used": total - free, "total": total} if total and free is not None else None,
        "form": wrong if wrong and wrong.instance.pk == backend.pk else BackendForm(instance=backend, prefix=backend.slug),
    }
