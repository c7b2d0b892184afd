"""What is said of a row: problems keep it out, notes only tell. Kept as codes, so that everybody reads them in their language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ij8.accounts.roster.shapes import Problem

PROBLEMS: dict[str, Promise] = {
    "no_key": _("Neither a username nor an e-mail address: it cannot be told who this is."),
    "too_many_cells": _("More cells than the head of the table has. Put texts with %(delimiter)s in them into quotation marks."),
    "formula": _("“%(value)s” begins like a formula. Write the text itself."),
    "too_long": _("The %(column)s is longer than %(most)s characters."),
    "username_signs": _("“%(value)s” cannot be a username. Letters, digits, dots, dashes and _ can; spaces cannot."),
    "words": _("The filter of words refuses “%(words)s”. Where it is right, an admin allows the word on the page Policy."),
    "email_wrong": _("“%(value)s” is no e-mail address."),
    "role_unknown": _("“%(value)s” is no role. Roles are admin, teacher, student, user, assistant and observer."),
    "band_unknown": _("“%(value)s” is no age band. They are under 13, 13-15, 16-17 and adult."),
    "differs_from_row": _("Row %(line)s is about the same person, but says another %(column)s."),
    "two_people": _("The username and the address belong to two different people."),
    "address_in_two_rows": _("Row %(line)s has the same e-mail address for another person."),
    "same_as_row": _("Row %(line)s is about the same person. Put both into one row."),
    "address_elsewhere": _("This address has an account already. Leave out the username to invite that person, or the address."),
    "role_not_yours": _("Only an admin of the school can bring in somebody as %(role)s."),
    "own_role": _("Nobody changes their own role."),
    "class_not_yours": _("%(name)s is no class that you lead. Ask an admin of the school to bring people into it."),
    "class_needed": _("Say which of your classes this person joins."),
    "two_classes": _("There are two classes called %(name)s. Rename one of them first."),
    "not_your_pupil": _("This person is not in a class of yours, so the %(column)s stays. An admin can change it."),
    "not_by_substitutes": _("A substitute brings pupils alone into %(name)s. Ask the class's own teacher, or an admin."),
    "pupil_of_others": _("This pupil is in the class of somebody else. Ask an admin of the school to add them to %(name)s."),
    "address_by_admin": _("Only an admin of the school can change an e-mail address."),
    "address_of_admin": _("Admins change their address themselves, in Settings."),
    "adult_by_admin": _("Only an admin of the school says who is an adult."),
    "has_a_class": _("Is %(role)s, and has a place in a class that would not fit. Change that first."),
    "does_not_fit": _("Somebody with the role %(role)s cannot have this place in %(name)s."),
    "is_staff": _("This person works at the school; only an admin can change that entry."),
    "has_left": _("This person has left the school. An admin can bring them back."),
    "merged": _("This account was merged with another one. Use the username of that one."),
    "account_off": _("This account is switched off. Whoever runs this installation can say why."),
    "username_is_theirs": _("This person has the username %(value)s here. Change it on the page of the person."),
}  # fmt: skip
NOTES: dict[str, Promise] = {
    "same_row": _("Row %(line)s says the same; it counts once."),
    "same_person": _("Together with row %(line)s."),
    "keeps_own": _("Keeps the %(column)s of their own account."),
    "comes_back": _("Had left, and comes back."),
    "keeps_role_in_class": _("Is in %(name)s already as %(role)s."),
}


def says(problem: Problem) -> str:
    words = PROBLEMS.get(problem.code) or NOTES[problem.code]
    return str(words) % problem.params
