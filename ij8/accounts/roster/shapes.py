"""What the JSON columns of a Roster hold."""

from typing import Any, Literal

from pydantic import BaseModel

Verdict = Literal["new", "changed", "unchanged", "invited", "error"]


class Problem(BaseModel):
    """`code` names an entry of PROBLEMS or NOTES, whose words `params` fill."""

    code: str
    params: dict[str, Any] = {}


class Row(BaseModel):
    """One line of the file, cleaned. Empty: the file says nothing about it. `classes` are (name, role there)."""

    line: int
    username: str = ""
    name: str = ""
    email: str = ""
    role: str = ""
    age_band: str = ""
    classes: list[tuple[str, str]] = []
    problems: list[Problem] = []

    @property
    def key(self) -> str:
        """What names the person within the file; "" when nothing does."""
        return self.username or self.email


class Read(BaseModel):
    """A whole file. `unused` are the heads of columns that nothing is done with; `columns` those that were understood."""

    rows: list[Row]
    columns: list[str]
    unused: list[str] = []
    encoding: str
    delimiter: str


class Change(BaseModel):
    """`field` is a column; for `class`, `new` is the name of the class that is joined."""

    field: str
    old: str = ""
    new: str


class Entry(BaseModel):
    """What becomes of one person of the file. `member` and `user` are ids, None while there is no such row."""

    line: int
    verdict: Verdict
    row: Row
    user: str | None = None
    member: str | None = None
    changes: list[Change] = []
    joins: list[tuple[str, str]] = []  # (name of the class, role there)
    notes: list[Problem] = []
    problems: list[Problem] = []

    @property
    def label(self) -> str:
        return self.row.name or self.row.username or self.row.email


class Leave(BaseModel):
    """Who is in a class of the file and not in the file. `ends`: the membership of the school ends too."""

    member: str
    name: str
    username: str
    seats: list[str] = []  # ids of cohort memberships
    classes: list[str] = []
    ends: bool = False


class Plan(BaseModel):
    entries: list[Entry] = []
    leaving: list[Leave] = []
    missing: list[str] = []  # classes that are not there yet

    def counts(self) -> dict[str, int]:
        found = dict.fromkeys(("new", "changed", "unchanged", "invited", "error"), 0)
        for entry in self.entries:
            found[entry.verdict] += 1
        return {**found, "leaving": len(self.leaving), "missing": len(self.missing)}


class Seat(BaseModel):
    """A cohort membership that was taken away."""

    id: str
    cohort: str
    member: str
    role: str
    until: str | None = None


class Made(BaseModel):
    """Somebody who was not there before, as the commit made them."""

    user: str
    member: str
    username: str
    name: str
    email: str
    role: str


class Done(BaseModel):
    """What a commit did, for its undo: new rows, and (before, after) of changed columns by id and column.

    `by` is the member who brought it in, `as_admin` whether with the rights of one.
    """

    by: str
    as_admin: bool
    people: list[Made] = []
    cohorts: list[str] = []
    seats: list[tuple[str, str, str]] = []  # (cohort, member, role)
    invitations: list[str] = []
    changed_users: dict[str, dict[str, tuple[Any, Any]]] = {}
    changed_members: dict[str, dict[str, tuple[Any, Any]]] = {}
    left_seats: list[Seat] = []
    old_seats: list[Seat] = []  # of those who came back: they get the places that the list gives, and no others
    ended: list[str] = []  # members whose time at the school ended
