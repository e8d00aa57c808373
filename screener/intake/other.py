"""Records of other systems → profiles: one door to FHIR and phenopackets, loaded when one is met."""

from typing import TYPE_CHECKING, Any

from screener.intake.recognise import kind_of

if TYPE_CHECKING:
    from pathlib import Path

    from screener.intake.fhir.convert import Converted


def converted(data: Any, wanted: str | None = None) -> "Converted":
    """What parsed JSON of another system becomes."""
    from screener.vocabulary.load import catalogue

    if kind_of(data) == "phenopacket":
        from screener.intake.phenopacket import converted as of_packet

        return of_packet(data, catalogue(), wanted)
    from screener.intake.fhir.convert import converted as of_fhir

    return of_fhir(data, catalogue(), wanted)


def exported(path: "Path", wanted: str | None = None) -> "Converted":
    """What a bulk export becomes."""
    from screener.intake.fhir.ndjson import read
    from screener.vocabulary.load import catalogue

    return read(path, catalogue(), wanted)
