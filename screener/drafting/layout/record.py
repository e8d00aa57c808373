"""A trial's record as a registry publishes it → its id, its limits and its criteria as text."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree

from screener.drafting.layout.published import as_written, in_one_line
from screener.errors import InputError, Problem, broken_json

MAX_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """What a registry says of who may take part; "" stands for what it does not say."""

    id: str  # the NCT number
    title: str
    conditions: tuple[str, ...]
    text: str  # the published criteria: escapes undone, line structure kept
    minimum_age: str = ""  # as the registry writes it: "18 Years", "6 Months"
    maximum_age: str = ""
    sex: str = ""  # "female" or "male"; "" for all
    healthy_volunteers: bool | None = None
    last_updated: str = ""  # YYYY-MM-DD


class _Unusable(Exception):
    """A record that cannot be used, and why; its place is known further out."""

    def __init__(self, code: str, message: str, help: str, place: str = "") -> None:
        super().__init__(message)
        self.problem = Problem(code, message, place, help)


def read_record(content: bytes, place: str) -> Record:
    """The record in the bytes of a file. `InputError`, naming the place, if there is none."""
    try:
        return _read(content)
    except _Unusable as unusable:
        raise InputError([unusable.problem.at(place)]) from None


def _read(content: bytes) -> Record:
    text = _decoded(content)
    begin = text.lstrip()
    if _XML.match(begin):
        record = _from_xml(begin)
    elif (data := _json_of(text)) is not None:
        record = _from_json(data)
    elif _CRITERIA_KEY.search(text) and _TRIAL_KEY.search(text):
        raise _Unusable(
            "rule-file", "this is a rule file, and no record of a trial",
            "`screen lint` checks it; give the registry's JSON or XML, or the criteria as text",
        )  # fmt: skip
    else:
        record = Record("", "", (), text)
    return _tidied(record)


# --- bytes → text -----------------------------------------------------------------------------

_XML = re.compile(r"<[?!A-Za-z]")
# Both keys of a rule file: a text may well have a line "Criteria:", but not the list below it.
_TRIAL_KEY = re.compile(r"^trial:[ \t]*\S", re.MULTILINE)
_CRITERIA_KEY = re.compile(r"^criteria:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*- ", re.MULTILINE)
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise _Unusable(
            "too-large", f"{len(content):,} bytes: more than the {MAX_BYTES:,} that are read",
            "give the record of one trial",
        )  # fmt: skip
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"not a text in UTF-8: byte {error.start + 1:,} is no part of a character"
        raise _Unusable("encoding", message, "save the record as UTF-8") from None
    if _BINARY.search(text):
        raise _Unusable(
            "binary", "control characters: this is no text", "give the registry's JSON, XML or text"
        )
    if not text.strip():
        raise _Unusable(
            "empty", "the file is empty", "give the registry's JSON or XML, or the criteria as text"
        )
    return text


# --- JSON -------------------------------------------------------------------------------------

_JSON = re.compile(r'\{|\[\s*[\[{"\]]')  # "[Part A] …" begins a text, not a list
_NOTHING = ("null", "true", "false")
_HELP = "give a record of ClinicalTrials.gov (API v2 JSON), its older XML, or the criteria as text"


def _json_of(text: str) -> Any:
    """The data, if the text is JSON; None, if it is a text of another kind."""
    if not _JSON.match(text.lstrip()):
        if text.strip() in _NOTHING:
            raise _Unusable("no-record", "JSON, but no record of a trial", _HELP)
        return None
    try:
        # A number is never asked for; one with a million digits must not be reckoned out.
        return json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        told = broken_json(error)
        raise _Unusable(told.code, told.message, told.help, told.place) from None
    except RecursionError:
        raise _Unusable("too-deep", "the JSON is nested too deeply", _HELP) from None


def _from_json(data: Any) -> Record:
    study = _one_study(data)
    if isinstance(protocol := study.get("protocolSection"), Mapping):
        return _from_api(protocol)
    if isinstance(protocol := _at(study.get("Study", study), "ProtocolSection"), Mapping):
        return _from_full_study(protocol)
    if "eligibility_text" in study:
        return _from_line(study)
    raise _Unusable("no-record", "JSON, but no record of a trial: no `protocolSection`", _HELP)


def _one_study(data: Any) -> Mapping[str, Any]:
    """The one study of a record, of a list or of an answer of the registry's search."""
    if isinstance(data, Mapping):
        data = data.get("studies", _at(data, "FullStudiesResponse", "FullStudies") or data)
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if isinstance(data, list):
        raise _Unusable("many", f"{len(data):,} records: one is expected", "give the record of one trial")
    if not isinstance(data, Mapping):
        raise _Unusable("no-record", "JSON, but no record of a trial: not an object", _HELP)
    return data


def _from_api(protocol: Mapping[str, Any]) -> Record:
    """ClinicalTrials.gov, API v2."""
    eligibility = protocol.get("eligibilityModule")
    return Record(
        _text(protocol, "identificationModule", "nctId"),
        _text(protocol, "identificationModule", "briefTitle"),
        _texts(_at(protocol, "conditionsModule", "conditions")),
        _text(eligibility, "eligibilityCriteria"),
        _text(eligibility, "minimumAge"),
        _text(eligibility, "maximumAge"),
        _text(eligibility, "sex"),
        _yes_or_no(_at(eligibility, "healthyVolunteers")),
        _text(protocol, "statusModule", "lastUpdatePostDateStruct", "date"),
    )


def _from_full_study(protocol: Mapping[str, Any]) -> Record:
    """ClinicalTrials.gov, the "full studies" JSON that API v2 replaced."""
    eligibility = protocol.get("EligibilityModule")
    return Record(
        _text(protocol, "IdentificationModule", "NCTId"),
        _text(protocol, "IdentificationModule", "BriefTitle"),
        _texts(_at(protocol, "ConditionsModule", "ConditionList", "Condition")),
        _text(eligibility, "EligibilityCriteria"),
        _text(eligibility, "MinimumAge"),
        _text(eligibility, "MaximumAge"),
        _text(eligibility, "Gender"),
        _yes_or_no(_at(eligibility, "HealthyVolunteers")),
        _text(protocol, "StatusModule", "LastUpdatePostDateStruct", "LastUpdatePostDate"),
    )


def _from_line(study: Mapping[str, Any]) -> Record:
    """One flat object to a trial, as collections of criteria keep them."""
    return Record(
        _text(study, "nct_id"),
        _text(study, "title"),
        _texts(study.get("conditions")),
        _text(study, "eligibility_text"),
        _text(study, "min_age"),
        _text(study, "max_age"),
        _text(study, "sex"),
        _yes_or_no(study.get("healthy_volunteers")),
    )


def _at(data: Any, *path: str) -> Any:
    for key in path:
        if not isinstance(data, Mapping):
            return None
        data = data.get(key)
    return data


def _text(data: Any, *path: str) -> str:
    found = _at(data, *path)
    return found if isinstance(found, str) else ""


def _texts(data: Any) -> tuple[str, ...]:
    return tuple(item for item in data if isinstance(item, str)) if isinstance(data, list) else ()


def _yes_or_no(data: Any) -> bool | None:
    known = {"yes": True, "true": True, "accepts healthy volunteers": True, "no": False, "false": False}
    return known.get(str(data).casefold())


# --- XML --------------------------------------------------------------------------------------


def _from_xml(text: str) -> Record:
    """The XML of ClinicalTrials.gov before API v2."""
    # Entities are declared nowhere else; without any there is no bomb and nothing read from outside.
    if "<!DOCTYPE" in text or "<!doctype" in text:
        raise _Unusable("doctype", "XML or HTML with a DOCTYPE, which is not read", _HELP)
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise _Unusable("xml", f"not valid XML: {error}", "save the record again") from None
    if root.tag != "clinical_study":
        raise _Unusable("no-record", "XML, but no record of a trial: no `clinical_study`", _HELP)
    return Record(
        _inner(root, "id_info/nct_id"),
        _inner(root, "brief_title"),
        tuple(" ".join(condition.itertext()) for condition in root.findall("condition")),
        _inner(root, "eligibility/criteria/textblock"),
        _inner(root, "eligibility/minimum_age"),
        _inner(root, "eligibility/maximum_age"),
        _inner(root, "eligibility/gender"),
        _yes_or_no(_inner(root, "eligibility/healthy_volunteers")),
        _inner(root, "last_update_posted") or _inner(root, "lastchanged_date"),
    )


def _inner(root: ElementTree.Element, path: str) -> str:
    found = root.find(path)
    return "" if found is None else "".join(found.itertext())


# --- what the fields mean ---------------------------------------------------------------------

_AGE = re.compile(r"(?i)n/?a\W*|none|no limit")
_MONTHS = ("january", "february", "march", "april", "may", "june",
           "july", "august", "september", "october", "november", "december")  # fmt: skip
_DATE = re.compile(r"([A-Za-z]+) +(\d{1,2}), *(\d{4})")


def _tidied(record: Record) -> Record:
    text = as_written(record.text).strip("\n").rstrip()
    if not text.strip():
        raise _Unusable(
            "no-criteria", "the record has no eligibility criteria",
            "give a record with its criteria, or the criteria as text",
        )  # fmt: skip
    sex = in_one_line(record.sex).casefold()
    return replace(
        record,
        id=in_one_line(record.id).upper(),
        title=in_one_line(record.title),
        conditions=tuple(filter(None, map(in_one_line, record.conditions))),
        text=text,
        minimum_age=_age(record.minimum_age),
        maximum_age=_age(record.maximum_age),
        sex=sex if sex in ("female", "male") else "",
        last_updated=_date(record.last_updated),
    )


def _age(text: str) -> str:
    age = in_one_line(text)
    return "" if _AGE.fullmatch(age) else age


def _date(text: str) -> str:
    """YYYY-MM-DD, of that or of "March 4, 2019"."""
    date = in_one_line(text)
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", date):
        return date if len(date) == 10 else ""
    found = _DATE.fullmatch(date)
    if not found or found[1].casefold() not in _MONTHS:
        return ""
    return f"{found[3]}-{_MONTHS.index(found[1].casefold()) + 1:02}-{int(found[2]):02}"
