"""The columns of a roster, and how schools head and fill them. A further spelling is one more word here."""

import re
import unicodedata

from ij8.accounts.models import AgeBand, CohortMembership, Membership

COLUMNS = ("username", "name", "email", "role", "class", "age band")  # as they are written
HEADS = {
    "username": "username user usernames login loginname logon userid account accountname nickname benutzername anmeldename "
    "kennung identifiant utilisateur usuario nomedeutente gebruikersnaam uzytkownik",
    "name": "name fullname displayname realname pupil pupilname student studentname learner person vollername nomcomplet "
    "nombrecompleto nomecognome naam imieinazwisko",
    "first_name": "firstname givenname forename givennames first vorname prenom nombre nome voornaam imie",
    "last_name": "lastname surname familyname last nachname familienname nom nomdefamille apellido apellidos cognome achternaam "
    "nazwisko",
    "email": "email mail emailaddress mailaddress emailadress emailadresse mailadresse adressemail courriel correo "
    "correoelectronico posta emailuser",
    "role": "role roles type usertype position function rolle fonction rol ruolo",
    "class": "class classes cohort cohorts course group groups form homeroom section classroom klasse klassen kurs gruppe classe "
    "groupe clase grupo curso klas klasa",
    "age_band": "ageband age agegroup agerange ages altersgruppe alter tranchedage edad eta leeftijd",
}
ROLES = {
    ("admin", ""): "admin administrator schooladmin headteacher head principal schulleitung",
    ("teacher", "lead_teacher"): "teacher teachers staff leadteacher lehrer lehrerin lehrkraft professeur enseignant profesor "
    "profesora docente docent nauczyciel coteacher",
    (
        "student",
        "student",
    ): "student students pupil pupils learner schueler schuelerin schuler schulerin eleve etudiant "
    "alumno alumna studente "
    "leerling uczen",
    ("user", "assistant"): "assistant assistants helper aide teachingassistant ta assistent assistentin",
    ("user", "observer"): "observer observers guest parent guardian beobachter observateur",
    ("user", ""): "user artist member",
}
AGE_BANDS = {
    AgeBand.UNDER_13: "under13 u13 <13 <=12 0-12 12- under_13",
    AgeBand.TO_15: "13-15 13to15 13_15",
    AgeBand.TO_17: "16-17 16to17 16_17",
    AgeBand.ADULT: "adult adults 18+ >=18 >17 over18 over17 18 18plus",
}
WRITTEN_BANDS: dict[str, str] = {
    AgeBand.UNDER_13: "under 13",
    AgeBand.TO_15: "13-15",
    AgeBand.TO_17: "16-17",
    AgeBand.ADULT: "adult",
}
_HEAD_OF = {word: head for head, words in HEADS.items() for word in words.split()}
_ROLE_OF = {word: role for role, words in ROLES.items() for word in words.split()}
_BAND_OF = {word: band for band, words in AGE_BANDS.items() for word in words.split()}


def head_of(cell: str) -> str:
    """The column that a head names, "" for one that is not known."""
    return _HEAD_OF.get(plain(cell), "")


def role_of(cell: str) -> tuple[str, str] | None:
    """(role in the school, role in its classes); None when no such role is known."""
    return _ROLE_OF.get(plain(cell))


def band_of(cell: str) -> str | None:
    spelled = re.sub(r"\s+", "", cell.casefold()).replace("–", "-").replace("≥", ">=").replace("years", "")
    return _BAND_OF.get(spelled)


def plain(cell: str) -> str:
    """Lower case without accents and anything but letters: "E-Mail address" is "emailaddress"."""
    decomposed = unicodedata.normalize("NFKD", cell.casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())


def written_role(role: str, cohort_role: str) -> str:
    """The word of the column for a role in the school and in a class."""
    if role == Membership.Role.USER and cohort_role in (CohortMembership.Role.ASSISTANT, CohortMembership.Role.OBSERVER):
        return cohort_role
    return role


def written_band(band: str) -> str:
    return WRITTEN_BANDS.get(band, "")
