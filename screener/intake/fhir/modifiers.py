"""What the standard forbids to ignore: a resource that holds it may mean something else than it says."""

from screener.intake.fhir.resources import Doubted, Resource

MODIFIERS = ("modifierExtension", "implicitRules")
MODIFIED = "it may change what all the rest means"


def unmodified(resource: Resource) -> None:
    """Raises Doubted where a resource, or a part of it, holds what the standard forbids to ignore.

    What is contained is a resource of its own, and asked when it is read.
    """
    if not _perhaps_modified(resource):
        return
    for key in MODIFIERS:
        if resource.get(key):
            raise Doubted(f"{key}: {MODIFIED}")
    for key, value in resource.items():
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, dict) and part.get("modifierExtension") and key != "contained":
                raise Doubted(f"{key}.modifierExtension: {MODIFIED}")


def _perhaps_modified(resource: Resource) -> bool:
    """Whether any modifier stands in it, be it empty: hardly a resource has one."""
    if "modifierExtension" in resource or "implicitRules" in resource:
        return True
    for value in resource.values():
        if isinstance(value, str):  # most of them
            continue
        if isinstance(value, dict):
            if "modifierExtension" in value:
                return True
        elif isinstance(value, list):
            for part in value:
                if isinstance(part, dict) and "modifierExtension" in part:
                    return True
    return False
