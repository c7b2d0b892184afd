"""Prompts of one's own: what was asked before, presets, and lists of words. A page, and a menu of the prompt box."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.api import clean_text
from ij8.core.errors import Ij8Error, Invalid, NotFound
from ij8.core.validation import validated
from studio.models import Preset, Turn, WordList
from studio.pages.present import when_words
from studio.pages.prompt_form import again_json
from studio.prompts.history import wishes
from studio.prompts.lists import delete_list, save_list
from studio.prompts.presets import PresetValues, delete_preset, save_preset

IN_MENU = 8


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def studio_prompts(request: HttpRequest) -> HttpResponse:
    """The page, or with `menu` the inside of the box's menu; POST `act` saves or deletes."""
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Invalid(_("This cannot be done here."), field="act", allowed=", ".join(ACTS))
        return act(request, request.member)  # type: ignore[attr-defined]
    return _shown(request)


def _shown(request: HttpRequest, status: int = 200, **told: Any) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    asked = {**request.GET.dict(), **({"menu": "1"} if request.POST.get("menu") else {})}
    words, is_menu = clean_text(asked.get("q", ""), "q")[:200], "menu" in asked
    context = {
        "q": words,
        "wishes": [_wish(turn) for turn in wishes(member, words, **({"most": IN_MENU} if is_menu else {}))],
        "presets": [{"id": one.pk, "name": one.name, "words": one.values.get("prompt", ""), "fill": _fill(one)}
                    for one in Preset.objects.filter(member=member)],
        "lists": [] if is_menu else WordList.objects.filter(member=member),
        **told,
    }  # fmt: skip
    return render(request, "studio/_prompts_menu.html" if is_menu else "studio/prompts.html", context, status=status)


def _wish(turn: Turn) -> dict[str, Any]:
    return {
        "prompt": turn.prompt,
        "when": when_words(turn.created),
        "session": turn.session_id,
        "turn": turn.pk,
        "fill": again_json({**turn.params, "prompt": turn.prompt, "seed": ""}),
    }


def _fill(preset: Preset) -> str:
    return json.dumps({"seed": "", **preset.values})


def _keep_preset(request: HttpRequest, member: Membership) -> HttpResponse:
    given = request.POST.dict()
    try:
        values = validated(PresetValues, json.loads(given["values"]) if "values" in given else given)
        save_preset(member=member, name=clean_text(given.get("name", ""), "name"), values=values)
    except ValueError as error:
        raise Invalid(_("These values cannot be read."), field="values") from error
    except Ij8Error as error:
        return _shown(request, error.status, wrong_preset=error, typed_name=given.get("name", ""))
    if given.get("menu"):
        return _shown(request, saved=given.get("name", ""))
    messages.success(request, _("Saved."))
    return redirect("studio_prompts")


def _keep_list(request: HttpRequest, member: Membership) -> HttpResponse:
    typed = {name: clean_text(request.POST.get(name, ""), name) for name in ("list", "words")}
    try:
        save_list(member=member, name=typed["list"], lines=typed["words"])
    except Ij8Error as error:
        return _shown(request, error.status, wrong_list=error, typed_list=typed["list"], typed_words=typed["words"])
    messages.success(request, _("Saved."))
    return redirect("studio_prompts")


def _drop_preset(request: HttpRequest, member: Membership) -> HttpResponse:
    gone = delete_preset(member, _id(request))
    return _shown(request, gone_preset={"name": gone.name, "values": json.dumps(gone.values)})


def _drop_list(request: HttpRequest, member: Membership) -> HttpResponse:
    gone = delete_list(member, _id(request))
    return _shown(request, gone_list={"name": gone.name, "words": "\n".join(gone.words)})


def _id(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("id", ""))
    except ValueError as error:
        raise NotFound from error


ACTS: dict[str, Callable[[HttpRequest, Membership], HttpResponse]] = {
    "save_preset": _keep_preset,
    "delete_preset": _drop_preset,
    "save_list": _keep_list,
    "delete_list": _drop_list,
}
