"""This app's sections of the policy page: ages, words, pictures, sharing, use, providers, consent, rules of the house."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.models import AgeBand, Membership, School
from ij8.accounts.settings_forms import HouseForm
from ij8.safety.bands import policy_of
from ij8.safety.models import ConsentKind, SafetyPolicy, Strictness, Use
from ij8.safety.pictures import CHECKERS, last_failure
from ij8.safety.providers import PROVIDERS
from ij8.safety.rules import rules_of, write_rules

WORDS_MOST = 20_000


def _shown(choices: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Choices with a capital, as they stand on a page by themselves."""
    return [(value, capfirst(label)) for value, label in choices]


def _area(rows: int, **attrs: str) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "textarea", "rows": rows, "dir": "auto", **attrs})


class _OfPolicy:
    """A section whose fields are named as columns of SafetyPolicy."""

    Form: type[forms.Form]
    name: str
    columns: tuple[str, ...]

    def form(self, member: Membership, sent: Any = None) -> forms.Form:
        policy = policy_of(member.school_id)
        return self.Form(sent, prefix=self.name, initial={column: getattr(policy, column) for column in self.columns})

    def save(self, form: forms.Form, by: Membership) -> None:
        kept = {column: form.cleaned_data[column] for column in self.columns}
        SafetyPolicy.objects.update_or_create(school_id=by.school_id, defaults=kept)


def _strictness(band: AgeBand) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=format_lazy(gettext_lazy("Filter of words, {band}"), band=band.label),
        choices=_shown(Strictness.choices),
        widget=forms.RadioSelect,
    )


class AgesForm(HouseForm):
    simple_up_to = forms.ChoiceField(
        label=gettext_lazy("Simple settings up to"),
        required=False,
        choices=[("", gettext_lazy("Nobody")), *_shown(AgeBand.choices)],
        help_text=gettext_lazy("People of this age and younger see words, shape and how many; nothing else."),
    )
    words_under_13 = _strictness(AgeBand.UNDER_13)
    words_13_15 = _strictness(AgeBand.TO_15)
    words_16_17 = _strictness(AgeBand.TO_17)
    words_adult = _strictness(AgeBand.ADULT)


class Ages(_OfPolicy):
    label = gettext_lazy("Ages")
    about = gettext_lazy(
        "How strictly words are filtered at each age. Light refuses only what is never right; strict also refuses mild words. "
        "A pupil without an age counts as under 13."
    )
    rank = 10
    Form, name = AgesForm, "ages"
    columns = ("words_under_13", "words_13_15", "words_16_17", "words_adult")

    def form(self, member: Membership, sent: Any = None) -> forms.Form:
        found = super().form(member, sent)
        found.initial["simple_up_to"] = School.objects.values_list("simple_up_to", flat=True).get(pk=member.school_id)
        return found

    def save(self, form: forms.Form, by: Membership) -> None:
        super().save(form, by)
        School.objects.filter(pk=by.school_id).update(simple_up_to=form.cleaned_data["simple_up_to"])


class WordsForm(HouseForm):
    added_words = forms.CharField(
        label=gettext_lazy("Refuse these too"),
        required=False,
        max_length=WORDS_MOST,
        widget=_area(4),
        help_text=gettext_lazy("One word or phrase a line. word* also refuses what begins with it."),
    )
    allowed_words = forms.CharField(
        label=gettext_lazy("Let these pass"),
        required=False,
        max_length=WORDS_MOST,
        widget=_area(4),
        help_text=gettext_lazy("One word or phrase a line, such as a name that holds a refused word."),
    )
    help_words = forms.CharField(
        label=gettext_lazy("Where to find help"),
        required=False,
        max_length=600,
        widget=_area(3),
        help_text=gettext_lazy("Shown to whoever types words about hurting oneself. Empty: ij8's own list of helplines."),
    )


class Words(_OfPolicy):
    label = gettext_lazy("Words")
    about = gettext_lazy("Prompts, titles, tags and names pass a filter in this house. Nothing is sent anywhere for it.")
    rank = 20
    Form, name = WordsForm, "words"
    columns = ("added_words", "allowed_words", "help_words")


WHAT_IT_SEES = gettext_lazy(
    "OpenAI moderation gets a small copy of every picture (of a video its poster) before it is kept, shown or sent to a "
    "provider; what it refuses is not kept. When it does not answer, the pictures of minors wait. Pictures of pupils whom OpenAI "
    "may not see stay here and are not checked."
)


class PicturesForm(HouseForm):
    pictures_by = forms.ChoiceField(
        label=gettext_lazy("Pictures are checked by"), required=False, widget=forms.RadioSelect, help_text=WHAT_IT_SEES
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        field = self.fields["pictures_by"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Nobody")), *((name, CHECKERS[name].label) for name in CHECKERS)]
        if member.school.pictures_by and (why := last_failure(member)):
            field.help_text = format_lazy("{sees} {why}", sees=WHAT_IT_SEES, why=_("It did not answer last: %s") % why)

    def clean_pictures_by(self) -> str:
        name = str(self.cleaned_data["pictures_by"])
        if name and (why := CHECKERS[name].why_not(self.member)):
            raise forms.ValidationError(why)
        return name


class Pictures:
    label = gettext_lazy("Pictures")
    about = gettext_lazy(
        "What is brought, sent on or made can be checked before anybody sees it. With nobody, this holds: words are filtered, "
        "providers run at their strictest for minors, and everybody can tell a teacher what upset them."
    )
    rank = 25

    def form(self, member: Membership, sent: Any = None) -> forms.Form:
        return PicturesForm(sent, prefix="pictures", initial={"pictures_by": member.school.pictures_by}, member=member)

    def save(self, form: forms.Form, by: Membership) -> None:
        School.objects.filter(pk=by.school_id).update(pictures_by=form.cleaned_data["pictures_by"])


class SharingForm(HouseForm):
    share_from = forms.ChoiceField(
        label=gettext_lazy("Who may show works to others"),
        required=False,
        choices=[
            (AgeBand.UNDER_13, gettext_lazy("Everybody")),
            (AgeBand.TO_15, gettext_lazy("People of 13 and older")),
            (AgeBand.TO_17, gettext_lazy("People of 16 and older")),
            (AgeBand.ADULT, gettext_lazy("Adults")),
            ("", gettext_lazy("Nobody")),
        ],
        help_text=gettext_lazy("Teachers always see what is made in their classes."),
    )


class Sharing(_OfPolicy):
    label = gettext_lazy("Sharing")
    about = gettext_lazy("Who may let others see a work: a class, a gallery, a public page.")
    rank = 30
    Form, name, columns = SharingForm, "sharing", ("share_from",)


class UseForm(HouseForm):
    use = forms.ChoiceField(
        label=gettext_lazy("This school's use is"),
        choices=_shown(Use.choices),
        widget=forms.RadioSelect,
    )


class SchoolUse(_OfPolicy):
    label = gettext_lazy("Use")
    about = gettext_lazy("Some models and all remote compute are for education alone, and stay closed to commercial use.")
    rank = 40
    Form, name, columns = UseForm, "use", ("use",)


class MinorsForm(HouseForm):
    minors_providers = forms.MultipleChoiceField(
        label=gettext_lazy("May see what minors type and make"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["minors_providers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(PROVIDERS.items())


class Minors(_OfPolicy):
    label = gettext_lazy("Providers and minors")
    about = gettext_lazy(
        "By default none of them sees anything of a minor. They never get a name, only a number that does not say who it is."
    )
    rank = 50
    Form, name, columns = MinorsForm, "minors", ("minors_providers",)


class ConsentForm(HouseForm):
    consent_needed = forms.MultipleChoiceField(
        label=gettext_lazy("Guardians of minors must agree to"),
        required=False,
        choices=_shown(ConsentKind.choices),
        widget=forms.CheckboxSelectMultiple,
    )


class Consent(_OfPolicy):
    label = gettext_lazy("Consent")
    rank = 60
    Form, name, columns = ConsentForm, "consent", ("consent_needed",)

    about = gettext_lazy("What is not ticked needs no consent.")

    def more(self) -> tuple[str, str]:
        return reverse("school_consent"), _("Who has given it")


class RulesForm(HouseForm):
    words = forms.CharField(
        label=gettext_lazy("Rules of the house"),
        required=False,
        max_length=WORDS_MOST,
        widget=_area(8),
        help_text=gettext_lazy("Other words are a new version, which everybody is asked to accept. Empty: there are none."),
    )

    def __init__(self, *args: Any, present: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"]).replace("\r\n", "\n").strip()
        if self.present and not words:
            raise forms.ValidationError(_("Rules that were in use cannot be taken away, only changed."))
        return words


class Rules:
    label = gettext_lazy("Rules of the house")
    rank = 70

    about = gettext_lazy("Everybody reads and accepts them.")

    def more(self) -> tuple[str, str]:
        return reverse("school_rules"), _("Who has accepted them")

    def form(self, member: Membership, sent: Any = None) -> forms.Form:
        rules = rules_of(member.school_id)
        words = rules.words if rules else ""
        return RulesForm(sent, prefix="rules", initial={"words": words}, present=words)

    def save(self, form: forms.Form, by: Membership) -> None:
        words = form.cleaned_data["words"]
        if words and words != getattr(form, "present", ""):
            write_rules(by=by, words=words)
