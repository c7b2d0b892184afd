"""What people are told about safety. See ij8.accounts.notices."""

from django.utils.translation import gettext_lazy as _

from ij8.accounts.notices import NoticeKind

WORDS_OF_DISTRESS = NoticeKind(
    _("%(name)s wrote words that sound as if somebody is not well. Please look and talk to them."), "life-buoy", group="safety"
)
PICTURE_OF_DISTRESS = NoticeKind(
    _("The check of pictures sees self-harm in a picture of %(name)s. Please look and talk to them."), "life-buoy", group="safety"
)
REFUSAL_OVERRULED = NoticeKind(
    _("%(teacher)s allowed what was refused: “%(words)s”. You can use it now."), "check", group="safety"
)
REPORT_WRONG = NoticeKind(_("%(name)s says that something is wrong: %(about)s"), "flag", group="safety")
REPORT_UPSET = NoticeKind(_("%(name)s was upset by something: %(about)s"), "flag", group="safety")
REPORT_ANSWERED = NoticeKind(_("%(teacher)s looked at what you reported. %(answer)s"), "check", group="safety")
