"""The keys of a profile, and which of them another key may mean."""

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from screener.model.patient import Patient

# Keys that other systems use → ours.
_ALSO = {
    "dob": "birth_date", "date_of_birth": "birth_date", "birthdate": "birth_date", "gender": "sex",
    "patient_id": "id", "mrn": "id", "labs": "observations", "lab_results": "observations",
    "measurements": "observations", "vitals": "observations", "diagnoses": "conditions",
    "comorbidities": "conditions", "mutations": "genomics", "cytogenetics": "genomics",
    "markers": "genomics", "therapies": "treatments", "drugs": "medications", "units": "unit",
    "surgeries": "procedures",
}  # fmt: skip


def like_ours(key: str) -> str:
    """A key in the letters of ours: `birth_date` for `Birth date`."""
    return key.casefold().replace("-", "_").replace(" ", "_")


@cache
def ours() -> frozenset[str]:
    """The keys of a profile and of all that it holds, and those that other systems use for them."""
    found = {*_ALSO, "first_dose", "informed_consent"}  # anchors are keys with a space
    waiting: list[type[BaseModel]] = [Patient]
    while waiting:
        model = waiting.pop()
        for name, field in model.model_fields.items():
            found.add(field.alias or name)
            inner = model_in(field.annotation)
            waiting += [inner] if inner is not None else []
    return frozenset(found)


def nearest(path: Sequence[int | str]) -> str:
    """The help for a key that is not known: the one that is meant, or all that may stand there."""
    known = _known_keys(path[:-1])
    key = like_ours(str(path[-1]))
    near = get_close_matches(key, known, n=1, cutoff=0.6)
    also = _ALSO.get(key, "")
    meant = also if also in known else near[0] if near else ""
    return f"did you mean `{meant}`?" if meant else f"known are {', '.join(known)}"


def _known_keys(path: Sequence[int | str]) -> list[str]:
    model: type[BaseModel] = Patient
    for part in path:
        if isinstance(part, str):
            found = model_in(model.model_fields[part].annotation)
            if found is None:
                return []
            model = found
    return [field.alias or name for name, field in model.model_fields.items()]


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field holds, or holds a list of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, Union, UnionType, Annotated):
        for argument in get_args(annotation):
            found = model_in(argument)
            if found is not None:
                return found
    return None
