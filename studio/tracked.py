"""What the log of changes sees of the studio: decisions about places and schools, never jobs or works."""

from django.utils.translation import gettext_lazy as _

from ij8.audit.tracked import Tracked

SCHOOL_PAUSE = Tracked(
    "studio.SchoolPause", "school", _("the pause of making"), {"by": _("by"), "since": _("since")},
    hidden_columns={"words": _("words")},
)  # fmt: skip
