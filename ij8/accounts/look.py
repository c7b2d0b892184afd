"""What the own menu of the frame keeps: one choice at a time, of theme or text size."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ij8.accounts.access import member_required
from ij8.accounts.models import Preferences
from ij8.accounts.preferences import keep_preferences
from ij8.core.errors import Invalid

CHOICES = {"theme": set(Preferences.Theme.values), "text_size": set(Preferences.TextSize.values)}


@require_POST
@member_required
def settings_look(request: HttpRequest) -> HttpResponse:
    """`theme` or `text_size`, or both; what is not sent stays."""
    sent = {name: request.POST[name] for name in CHOICES if name in request.POST}
    for name, value in sent.items():
        if value not in CHOICES[name]:
            raise Invalid(_("This cannot be chosen."), field=name, allowed=", ".join(sorted(CHOICES[name])))
    if sent:
        keep_preferences(user=request.member.user, **sent)  # type: ignore[attr-defined]
    return HttpResponse(status=204)
