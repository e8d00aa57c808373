"""Patient → id, birth date and sex; and which of several patients is meant."""

from collections.abc import Sequence

from screener.errors import InputError, Problem
from screener.intake.fhir.bundle import Held
from screener.intake.fhir.dates import day
from screener.intake.fhir.modifiers import MODIFIERS, unmodified
from screener.intake.fhir.references import identifiers, key_of
from screener.intake.fhir.resources import Ended, Resource, extension, text

_LISTED = 20
# The sex at birth, and the sex of US Core by SNOMED CT.
_SEXES = {"F": "female", "M": "male", "248152002": "female", "248153007": "male"}


def chosen(patients: Sequence[Held], wanted: str | None) -> Held:
    """The patient that is meant. Raises InputError where that is not clear."""
    if not patients:
        raise InputError(
            [
                Problem(
                    "no-patient",
                    "it holds no Patient",
                    "resourceType",
                    "a record of one patient has a Patient resource",
                )
            ]
        )
    if wanted is not None:
        patients = _asked(patients, wanted)
    births = {str(one.resource.get("birthDate")) for one in patients}
    if len(patients) > 1 and len({names(one) for one in patients}) == 1:
        what = "birthDate" if len(births) > 1 else "id"
        said = "two birth dates" if len(births) > 1 else "two different entries"
        raise InputError(
            [
                Problem(
                    "two-patients",
                    f"one patient with {said}",
                    f"{names(patients[0])}.{what}",
                    "remove the wrong one",
                )
            ]
        )
    if len(patients) > 1:
        raise several([names(one) for one in patients])
    return patients[0]


def several(found: Sequence[str]) -> InputError:
    shown = ", ".join(found[:_LISTED])
    more = f" and {len(found) - _LISTED:,} more" if len(found) > _LISTED else ""
    return InputError(
        [
            Problem(
                "several-patients",
                f"it holds {len(found):,} patients: {shown}{more}",
                "Patient",
                "name one with --patient ID",
            )
        ]
    )


def names(one: Held) -> str:
    return one.entry.place


def _asked(patients: Sequence[Held], wanted: str) -> list[Held]:
    bare = wanted.removeprefix("Patient/")
    found = [one for one in patients if matches(one.resource, bare) or one.url == wanted]
    if not found:
        known = ", ".join(names(one) for one in patients[:_LISTED])
        raise InputError(
            [Problem("no-such-patient", "no patient here has this id", "--patient", f"here are {known}")]
        )
    return found


def matches(resource: Resource, wanted: str) -> bool:
    return resource.get("id") == wanted or any(value == wanted for _, value in identifiers(resource))


def person(one: Held) -> dict[str, object]:
    """The head of a profile. Raises InputError where it has no birth date to screen by."""
    resource, place = one.resource, names(one)
    try:
        unmodified({key: resource[key] for key in MODIFIERS if key in resource})
        birth = day(resource, "birthDate")
        gender = text(resource, "gender")
    except Ended as ended:
        path, _, why = ended.why.partition(": ")
        one.entry.end("in error", ended.why)
        raise InputError([Problem("patient", why, f"{place}.{path}", "mend it in the record")]) from None
    if birth is None:
        one.entry.end("in error", "birthDate: missing")
        raise InputError(
            [Problem("patient", "this is missing", f"{place}.birthDate", "a profile needs the birth date")]
        )
    one.entry.end("used")
    name = (
        resource.get("id") if key_of(resource) else next((value for _, value in identifiers(resource)), None)
    )
    made: dict[str, object] = {
        "id": str(name)[:500] if name else "patient",
        "birth_date": birth if "/" in birth else birth[:10],
    }
    sex = _sex(resource, gender, one)
    if sex:
        made["sex"] = sex
    if resource.get("active") is False:
        one.entry.why.append("active: the record is no longer in use")
    if resource.get("deceasedBoolean") is True or resource.get("deceasedDateTime"):
        one.entry.why.append("deceased: no profile holds it")
    return made


def _sex(resource: Resource, gender: str | None, one: Held) -> str | None:
    """Male or female for what trials ask; where gender and sex at birth differ, neither."""
    stated = gender if gender in ("male", "female", "other") else None
    values = [ext.get("valueCode") for ext, _ in extension(resource, "us-core-birthsex", "us-core-sex")]
    sexes = {_SEXES[value] for value in values if isinstance(value, str) and value in _SEXES}
    if len(sexes | ({stated} & {"male", "female"})) > 1:
        one.entry.why.append("gender: it differs from the sex at birth, so neither is used")
        return None
    return sexes.pop() if sexes else stated
