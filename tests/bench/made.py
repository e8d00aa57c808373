"""Made-up patients and trials of any size, the same ones in every run."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model.trial import Criterion, Trial
from screener.vocabulary.load import catalogue

AS_OF = date(2026, 10, 1)
LABS = (
    ("ALT", "U/L", 20), ("AST", "U/L", 22), ("total bilirubin", "mg/dL", 1), ("creatinine", "mg/dL", 1),
    ("platelets", "10*9/L", 150), ("absolute neutrophil count", "10*9/L", 3), ("hemoglobin", "g/dL", 11),
    ("albumin", "g/dL", 4), ("LDH", "U/L", 180), ("ECOG", None, 1),
)  # fmt: skip


def patient(records: int) -> dict[str, Any]:
    """A profile of about `records` records: mostly laboratory values, as charts are."""
    labs = [_lab(number) for number in range(max(10, records * 6 // 10))]
    rest = max(4, records - len(labs))
    names = ("hypertension", "gout", "osteoporosis", "hypothyroidism")
    conditions = [{"name": "multiple myeloma", "onset": "2024-02", "status": "active"}]
    conditions += [{"name": names[n % 4], "status": "active", "date": _day(n)} for n in range(rest // 2)]
    treatments = [
        {"regimen": "VRd", "drugs": ["bortezomib", "lenalidomide", "dexamethasone"], "line": 1,
         "intent": "induction", "start": _day(400 + n), "end": _day(200 + n), "cycles": 4}
        for n in range(rest // 4)
    ]  # fmt: skip
    findings = ("del(17p)", "t(4;14)", "amp(1q21)", "t(14;16)") * max(1, rest // 16)
    genomics = [
        {"finding": finding, "result": "not detected", "method": "FISH", "date": "2024-03-01"}
        for finding in findings
    ]
    return {
        "schema": "screener.patient/1", "id": "bench", "birth_date": "1960-05-17", "sex": "male",
        "as_of": AS_OF.isoformat(), "complete": {"conditions": "2026-10-01", "treatments": "2026-10-01"},
        "conditions": conditions, "observations": labs, "genomics": genomics, "treatments": treatments,
    }  # fmt: skip


def _lab(number: int) -> dict[str, Any]:
    name, unit, value = LABS[number % len(LABS)]
    record: dict[str, Any] = {"name": name, "value": value, "date": _day(5 + number // len(LABS))}
    return record | ({"unit": unit} if unit else {})


def _day(before: int) -> str:
    return (AS_OF - timedelta(days=before % 3000)).isoformat()


def trial(number: int, criteria: int = 20) -> Trial:
    """A trial of its own thresholds, so that no two of them ask the same."""
    listed = list(_criteria(number, criteria))
    return Trial(f"BENCH{number}", "made up", tuple(listed), "multiple_myeloma", "curated", "full", "1", "")


def _criteria(number: int, count: int) -> Iterator[Criterion]:
    forms = (
        "age >= {a} years", "ECOG 0-{s}", "hemoglobin >= {h} g/dL", "platelets > {b} x 10^9/L",
        "ALT and AST < {x} x ULN", "total bilirubin <= {b} umol/L", "creatinine < {c} umol/L",
        "absolute neutrophil count > 1.{n} x 10^9/L", "multiple myeloma", "albumin >= 2.{n} g/dL",
        "any of 17p-, amp(1q21), t(4;14)", "peripheral neuropathy grade >= {g}",
        "antineoplastic therapy within {w} weeks", "history of other malignancy within {y} years",
        "HIV infection", "active hepatitis C", "pregnant or breastfeeding", "prior lenalidomide",
        "allergy to lenalidomide", 'manual("not suitable for enrolment {n}")',
    )  # fmt: skip
    for index in range(count):
        turn = number + index // len(forms)
        text = forms[index % len(forms)].format(
            a=18 + turn % 40, s=1 + turn % 3, h=f"{6 + turn % 4}.{turn % 97}", b=20 + turn,
            x=f"{1 + turn % 4}.{turn % 89}", c=120 + turn, n=turn, g=1 + turn % 4, w=1 + turn % 50,
            y=1 + turn % 30,
        )  # fmt: skip
        kind = "inclusion" if index % len(forms) < 10 else "exclusion"
        rule, problems = parse(text, catalogue())
        assert rule is not None, problems
        yield Criterion(f"{kind[0].upper()}{index}", kind, text, rule, Printer(catalogue()).print(rule))


def bundle(entries: int) -> dict[str, Any]:
    """A FHIR bundle of so many entries, seven laboratory values to two drugs and a condition."""
    loinc, ucum = "http://loinc.org", "http://unitsofmeasure.org"
    labs = [("718-7", "g/dL", 12.1), ("777-3", "10*3/uL", 210.0), ("1742-6", "U/L", 20.5),
            ("2160-0", "mg/dL", 0.9), ("1975-2", "mg/dL", 0.5), ("29463-7", "kg", 70.5),
            ("99999-9", "mg/dL", 1.5)]  # fmt: skip
    subject = {"reference": "Patient/p"}
    made: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": "p", "birthDate": "1960-01-01", "gender": "female"}
    ]
    for number in range(entries - 1):
        kind = number % 10
        if kind < 7:
            code, unit, value = labs[kind]
            amount = {"value": value, "unit": unit, "system": ucum, "code": unit}
            made.append({
                "resourceType": "Observation", "id": f"o{number}", "status": "final", "subject": subject,
                "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                          "code": "laboratory", "display": "Laboratory"}]}],
                "code": {"coding": [{"system": loinc, "code": code, "display": "A laboratory test"}]},
                "effectiveDateTime": f"2026-{1 + number % 9:02d}-1{number % 10}T08:30:00+02:00",
                "issued": "2026-09-20T12:00:00.000+02:00", "valueQuantity": amount,
                "referenceRange": [{"low": amount, "high": amount, "text": "as printed"}],
            })  # fmt: skip
        elif kind < 9:
            made.append({
                "resourceType": "MedicationRequest", "id": f"m{number}", "status": "active",
                "intent": "order", "subject": subject, "authoredOn": "2026-05-01",
                "medicationCodeableConcept": {"text": "lenalidomide 10 MG Oral Capsule"},
            })  # fmt: skip
        else:
            made.append({
                "resourceType": "Condition", "id": f"c{number}", "subject": subject,
                "onsetDateTime": "2020-05",
                "clinicalStatus": {"coding": [{"code": "active"}]},
                "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}],
                         "text": "Hypertension"},
            })  # fmt: skip
    held = [
        {"fullUrl": f"https://fhir.example/{one['resourceType']}/{one['id']}", "resource": one}
        for one in made
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": held}
