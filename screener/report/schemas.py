"""The JSON Schemas of the documents that others read and write."""

from typing import Any

from screener.model.patient import Patient
from screener.model.verdict import ScreeningResult
from screener.rulebook import policy
from screener.rulebook.read import CHOICES, CRITERION_KEYS, KEYS, REQUIRED

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(document: str) -> dict[str, Any]:
    """The schema of `patient`, `rules`, `policy` or `result`."""
    return {"patient": _patient, "rules": _rules, "policy": _policy, "result": _result}[document]()


def _patient() -> dict[str, Any]:
    return {"$schema": _DRAFT, **Patient.model_json_schema(by_alias=True)}


def _result() -> dict[str, Any]:
    from pydantic import TypeAdapter

    made = TypeAdapter(ScreeningResult).json_schema()
    made["properties"] = {"schema": {"const": "screener.result/1"}, **made["properties"]}
    made["required"] = ["schema", *made["required"]]
    return {"$schema": _DRAFT, **made}


def _rules() -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    criterion = dict.fromkeys(sorted(CRITERION_KEYS), text) | {
        "kind": {"enum": list(CHOICES["kind"])},
        "reversed": {"enum": list(CHOICES["reversed"])},
        "id": {"type": "string", "pattern": "^[IES][0-9]+[a-z]?$"},
        "questions": {"type": ["string", "array"]},
    }
    properties = dict.fromkeys(sorted(KEYS), text) | {
        "completeness": {"enum": list(CHOICES["completeness"])},
        "status": {"enum": list(CHOICES["status"])},
        "version": {"type": ["string", "integer"]},
        "source": {"type": "object"},
        "reviewed": {"type": "object", "required": ["by", "date"]},
        "criteria": {
            "type": "array", "minItems": 1,
            "items": {"type": "object", "properties": criterion, "additionalProperties": False,
                      "required": ["id", "kind", "text", "rule"]},
        },
    }  # fmt: skip
    unless_drafted = {
        "if": {"properties": {"status": {"const": "drafted"}}},
        "else": {"required": ["disease"]},
    }
    return {"$schema": _DRAFT, "title": "Rule file", "type": "object", "properties": properties,
            "required": [key for key in REQUIRED if key != "disease"], "additionalProperties": False,
            **unless_drafted}  # fmt: skip


def _policy() -> dict[str, Any]:
    limit = {
        "type": "object", "required": ["value", "unit"], "additionalProperties": False,
        "properties": {"value": {"type": "number", "exclusiveMinimum": 0}, "unit": {"type": "string"}},
    }  # fmt: skip
    by_sex = {"type": "object", "minProperties": 1, "additionalProperties": False,
              "properties": {"female": limit, "male": limit}}  # fmt: skip
    limits = _each({"anyOf": [limit, by_sex]})
    properties = {
        "uln": limits,
        "lln": limits,
        "max_age": _each({"type": "string", "pattern": rf"^(?:none|{policy.SPAN})$"}),
        "half_life_bounds": _each({"type": "string", "pattern": r"^[0-9]{1,5} (?:h|d|wk)$"}),
    }
    return {"$schema": _DRAFT, "title": "Policy", "type": "object", "properties": properties,
            "additionalProperties": False}  # fmt: skip


def _each(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": of}
