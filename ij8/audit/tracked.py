"""Which tables the log of changes sees: a table, a line here. An app above brings its own by TRACKED in its `ready()`.

Columns that hold names, words of people or secrets are `hidden`: that they changed is noted, not what they said.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ij8.core.registry import Registry

ALL = ("insert", "update", "delete")


@dataclass(frozen=True)
class Tracked:
    """`columns`: fields of `model` and what they are called. `group`: under what one finds it in the filter.

    `thing` names one row in a sentence. `school`, `about`: the columns of the school ("" for what belongs to the
    installation) and of the membership that it is about. `noted_with`: an insert with this column empty is not noted.
    """

    model: str
    group: str
    thing: Promise | str
    columns: dict[str, Promise | str]
    about: str = ""
    school: str = "school_id"
    acts: tuple[str, ...] = ALL
    noted_with: str = ""
    hidden_columns: dict[str, Promise | str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return str(apps.get_model(self.model)._meta.db_table)

    @property
    def key(self) -> str:
        return str(apps.get_model(self.model)._meta.pk.column)

    @property
    def plain(self) -> list[str]:
        return [self.column_of(name) for name in self.columns]

    @property
    def hidden(self) -> list[str]:
        return [self.column_of(name) for name in self.hidden_columns]

    def column_of(self, name: str) -> str:
        """A field that is gone raises, here and in the test that walks all of them."""
        return str(apps.get_model(self.model)._meta.get_field(name).column)


GROUPS: dict[str, Promise | str] = {
    "roles": _("Roles and people"),
    "classes": _("Classes"),
    "school": _("The school and its rules"),
    "consent": _("Consent and safety"),
    "entry": _("Ways to sign in"),
    "keys": _("Provider keys"),
    "money": _("Prices and budgets"),
    "requests": _("Requests"),
    "support": _("Looking in"),
}
TRACKED: Registry[Tracked] = Registry("tracked table")

MEMBERSHIP = Tracked(
    "accounts.Membership", "roles", _("the membership"),
    {"role": _("role"), "active": _("active"), "age_band": _("age band"), "left_at": _("left"), "merged_into": _("merged into")},
    about="id",
)  # fmt: skip
PERSON = Tracked(
    "accounts.User", "roles", _("the account"), {"platform_role": _("platform role"), "is_active": _("open")},
    school="school_id", noted_with="platform_role", hidden_columns={"username": _("username"), "email": _("e-mail address")},
)  # fmt: skip
COHORT = Tracked(
    "accounts.Cohort", "classes", _("the class"),
    {"name": _("name"), "term": _("term"), "archived_at": _("archived"), "trashed_at": _("in the trash")},
)  # fmt: skip
COHORT_MEMBERSHIP = Tracked(
    "accounts.CohortMembership", "classes", _("a place in a class"),
    {"cohort": _("class"), "role": _("role"), "until": _("until")}, about="member_id",
)  # fmt: skip
SCHOOL = Tracked(
    "accounts.School", "school", _("the school"),
    {"name": _("name"), "slug": _("address"), "time_zone": _("time zone"), "locale": _("language"),
     "email_domains": _("e-mail domains"), "simple_up_to": _("simple settings up to"), "pictures_by": _("who checks pictures")},
    school="id",
)  # fmt: skip
TERM = Tracked(
    "accounts.Term", "school", _("a term"), {"name": _("name"), "starts": _("begins"), "ends": _("ends")}
)  # fmt: skip
SIGN_UP_POLICY = Tracked(
    "accounts.SignUpPolicy", "school", _("who may come in"), {"mode": _("who may come in")},
    hidden_columns={"addresses": _("addresses")},
)  # fmt: skip
DOOR_POLICY = Tracked(
    "accounts.DoorPolicy", "school", _("the rules of signing in"),
    {"staff_second_step": _("second step for staff"), "idle_minutes": _("idle minutes"), "address_ranges": _("school addresses")},
)  # fmt: skip
SAFETY_POLICY = Tracked(
    "safety.SafetyPolicy", "school", _("the safety policy"),
    {"words_under_13": _("filter under 13"), "words_13_15": _("filter from 13 to 15"), "words_16_17": _("filter from 16 to 17"),
     "words_adult": _("filter for adults"), "share_from": _("sharing from"), "use": _("use"),
     "minors_providers": _("providers for minors"), "consent_needed": _("consent that is needed")},
    hidden_columns={"added_words": _("words to refuse"), "allowed_words": _("words to allow"), "help_words": _("help")},
)  # fmt: skip
HOUSE_RULES = Tracked(
    "safety.HouseRules", "school", _("the house rules"), {"version": _("version")}, hidden_columns={"words": _("words")}
)  # fmt: skip
CONSENT_LETTER = Tracked(
    "safety.ConsentLetter", "consent", _("a letter of consent"), {"kind": _("kind"), "version": _("version")},
    hidden_columns={"words": _("words")},
)  # fmt: skip
CONSENT = Tracked(
    "safety.Consent", "consent", _("consent"),
    {"kind": _("kind"), "version": _("version"), "given_on": _("given on"), "how": _("how"), "withdrawn_at": _("withdrawn")},
    about="member_id",
)  # fmt: skip
REFUSAL = Tracked(
    "safety.Refusal", "consent", _("a refusal"), {"overruled_by": _("overruled by")}, about="member_id", acts=("update",)
)  # fmt: skip
ALLOWANCE = Tracked("safety.Allowance", "consent", _("an exception of the filter"), {"cohort": _("class")}, about="member_id")
HPC_GRANT = Tracked(
    "safety.HpcGrant", "consent", _("remote compute"),
    {"cohort": _("class"), "until": _("until"), "revoked_at": _("taken back")}, about="member_id",
)  # fmt: skip
INVITATION = Tracked(
    "accounts.Invitation", "entry", _("an invitation"),
    {"role": _("role"), "cohort": _("class"), "expires": _("until"), "accepted_by": _("accepted by"),
     "taken_back_at": _("taken back")},
)  # fmt: skip
JOIN_CODE = Tracked(
    "accounts.JoinCode", "entry", _("a class code"),
    {"cohort": _("class"), "expires": _("until"), "most_uses": _("uses at most"), "ended_at": _("ended")},
)  # fmt: skip
SIGN_IN_CARD = Tracked("accounts.SignInCard", "entry", _("a card to sign in"), {"revoked_at": _("revoked")}, about="member_id")
GIVEN_PASSWORD = Tracked("accounts.GivenPassword", "entry", _("a first password"), {"made_at": _("made")}, about="member_id")
SECOND_STEP_REMOVAL = Tracked(
    "accounts.SecondStepRemoval", "entry", _("the removal of a lost second step"), {"by": _("by")}, about="member_id",
)  # fmt: skip
TOKEN = Tracked("accounts.Token", "entry", _("a token"), {"hint": _("ends in")}, about="member_id")
PROVIDER_KEY = Tracked(
    "ai.ProviderKey", "keys", _("a provider key"),
    {"provider": _("provider"), "level": _("level"), "last_four": _("ends in"), "fingerprint": _("fingerprint"),
     "base_url": _("address"), "enabled": _("in use")},
    about="member_id", hidden_columns={"sealed": _("the key itself")},
)  # fmt: skip
PROVIDER_RULES = Tracked(
    "ai.ProviderRules", "keys", _("the rules for providers"), {"by": _("level"), "off": _("switched off")}
)  # fmt: skip
PRICE = Tracked(
    "ai.Price", "money", _("a price"),
    {"provider": _("provider"), "model": _("model"), "variant": _("variant"), "unit": _("unit"), "amount": _("price"),
     "currency": _("currency"), "rate_usd": _("rate to USD"), "valid_from": _("valid from")},
    school="",
)  # fmt: skip
BUDGET = Tracked(
    "ai.Budget", "money", _("a budget"),
    {"level": _("level"), "cohort": _("class"), "soft_usd": _("soft limit"), "hard_usd": _("hard limit"), "resets": _("resets")},
    about="member_id",
)  # fmt: skip
BUDGET_GRANT = Tracked(
    "ai.BudgetGrant", "money", _("more budget"), {"amount_usd": _("amount"), "until": _("until")}, about="member_id"
)  # fmt: skip
SPEND_POLICY = Tracked(
    "ai.SpendPolicy", "money", _("the rule for unknown prices"), {"unknown_price_usd": _("most for an unknown price")}
)  # fmt: skip
ASK = Tracked("accounts.Ask", "requests", _("a request"), {"kind": _("kind"), "state": _("answer")}, about="asked_by_id")
ACCEPTANCE = Tracked(
    "safety.Acceptance", "consent", _("the acceptance of the house rules"), {"accepted_at": _("accepted")}, about="member_id"
)  # fmt: skip
HANDOVER = Tracked(
    "accounts.Handover", "roles", _("the handing over of works"), {"to": _("to"), "state": _("state")}, about="member_id"
)  # fmt: skip
IMPERSONATION = Tracked(
    "accounts.Impersonation", "support", _("a look at ij8 as somebody"),
    {"by": _("by"), "reason": _("reason"), "until": _("until"), "ended_at": _("ended")}, about="member_id",
)  # fmt: skip

NAMES = (
    "membership", "person", "cohort", "cohort_membership", "school", "term", "sign_up_policy", "door_policy", "safety_policy",
    "house_rules", "consent_letter", "consent", "refusal", "allowance", "hpc_grant", "invitation", "join_code", "sign_in_card",
    "given_password", "token", "provider_key", "provider_rules", "price", "budget", "budget_grant", "spend_policy", "ask",
    "acceptance", "handover", "impersonation", "second_step_removal",
)  # fmt: skip
