"""What becomes of what protects a person when two of her accounts become one: it goes along."""

from django.db.models import Exists, OuterRef

from ij8.accounts.models import Membership
from ij8.safety.consent import WITHDRAWN
from ij8.safety.models import Acceptance, Allowance, Consent, ConsentKind, Hidden, HpcGrant, Refusal, Report

ONCE = ((Refusal, ("where", "digest")), (Allowance, ("digest",)), (Acceptance, ("rules",)), (Hidden, ("ref",)))


def merge(kept: Membership, dropped: Membership) -> None:
    """Rows change hands; where both have the same one, the kept one's stays."""
    for model, same in ONCE:
        own = model._default_manager.filter(member=kept, **{name: OuterRef(name) for name in same})
        model._default_manager.filter(~Exists(own), member=dropped).update(member=kept)
    open_already = Report.objects.filter(by=kept, ref=OuterRef("ref"), kind=OuterRef("kind"), closed_at=None)
    Report.objects.filter(by=dropped, closed_at=None).filter(~Exists(open_already)).update(by=kept)
    Report.objects.filter(by=dropped).exclude(closed_at=None).update(by=kept)
    HpcGrant.objects.filter(member=dropped).update(member=kept)
    for kind in ConsentKind.values:
        _merge_consents(kept, dropped, kind)


def _merge_consents(kept: Membership, dropped: Membership, kind: str) -> None:
    """Of one child: what her guardians said last holds, whichever of the two accounts it was entered for."""
    both = Consent.objects.filter(member__in=[kept, dropped], kind=kind)
    held = both.filter(member=kept, withdrawn_at=None).exists()
    if last := both.exclude(withdrawn_at=None).order_by("-withdrawn_at").first():
        before = both.filter(withdrawn_at=None, created__lt=last.withdrawn_at)
        before.update(withdrawn_at=last.withdrawn_at, withdrawn_by=last.withdrawn_by)
    own = Consent.objects.filter(member=kept, kind=kind, withdrawn_at=None)
    rows = both.filter(member=dropped)
    (rows.exclude(withdrawn_at=None) if own.exists() else rows).update(member=kept)
    if held and not own.exists():
        for name in WITHDRAWN:
            WITHDRAWN[name](kept, kind)
