"""A bundle of any type, a lone resource, or a list of resources → entries with their full URLs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from screener.intake.fhir.account import Account, Entry
from screener.intake.fhir.modifiers import MODIFIED, MODIFIERS
from screener.intake.fhir.references import key_of, literal
from screener.intake.fhir.resources import Resource
from screener.intake.recognise import TWICE

_TWICE = "a key stands twice in one object, so that one of its values is lost"
_NESTED = 5  # bundles within bundles: more is no record of a patient


@dataclass(slots=True)
class Held:
    """One resource with its line of the account. `name` is `Observation/123`, "" without a usable id."""

    resource: Resource
    entry: Entry
    url: str | None
    name: str
    wrong: str = ""  # why nothing of it may be used, though it may be the newest


def held(document: Any, account: Account) -> list[Held]:
    """Every resource of a document. What is no resource ends here, with the reason."""
    found: list[Held] = []
    _all(document, account, found)
    found = once(found)
    if not account.deleted:
        return found
    for one in found:
        if one.name in account.deleted:
            one.entry.end("not needed", "another entry deletes it")
    return [one for one in found if one.name not in account.deleted]


def _all(document: Any, account: Account, found: list[Held]) -> None:
    if isinstance(document, dict) and document.get("resourceType") == "Bundle":
        _bundle(document, "", account, 0, found)
    elif isinstance(document, list):  # one resource on each line, or a list of them
        for number, one in enumerate(document):
            if isinstance(one, dict) and one.get("resourceType") == "Bundle":
                _bundle(one, f"[{number}].", account, 0, found)
            else:
                _resource(one, f"[{number}]", None, account, found)
    else:
        _resource(document, "entry[0]", None, account, found)


def _bundle(bundle: Resource, within: str, account: Account, depth: int, found: list[Held]) -> None:
    entries = bundle.get("entry")
    links = bundle.get("link")
    if isinstance(links, list) and any(
        isinstance(one, dict) and one.get("relation") == "next" for one in links
    ):
        account.note("the bundle has further pages, which are not in this input")
    if TWICE in bundle:
        account.opened(f"{within}Bundle").end("in error", _TWICE)
    if any(bundle.get(key) for key in MODIFIERS):
        account.opened(f"{within}Bundle").end("not understood", f"{MODIFIERS[1]}: {MODIFIED}")
        return
    if entries is None:
        return
    if not isinstance(entries, list):
        account.opened(f"{within}entry").end("in error", "not a list")
        return
    for number, entry in enumerate(entries):
        place = f"{within}entry[{number}]"
        if isinstance(entry, dict):
            _entry(entry, place, account, depth, found)
        else:
            account.opened(place).end("in error", "not an object")


def _entry(entry: Resource, place: str, account: Account, depth: int, found: list[Held]) -> None:
    resource, url, request = entry.get("resource"), entry.get("fullUrl"), entry.get("request")
    if isinstance(request, dict) and request.get("method") == "DELETE":
        asked = request.get("url")
        named = literal(asked) if isinstance(asked, str) else ""
        if not named:
            account.opened(place).end("not understood", "request.url: what it asks to delete is not named")
            return
        account.deleted.add(named)
        account.opened(place).end("not needed", "it asks to delete something")
    elif resource is None:
        account.opened(place).end("not needed", "it holds no resource")
    elif isinstance(resource, dict) and resource.get("resourceType") == "Bundle":
        if depth < _NESTED:
            _bundle(resource, f"{place}.", account, depth + 1, found)
        else:
            account.opened(place).end("not understood", "bundles within bundles, too deep")
    else:
        _resource(resource, place, url if isinstance(url, str) else None, account, found)


def _resource(resource: Any, place: str, url: str | None, account: Account, found: list[Held]) -> None:
    if not isinstance(resource, dict):
        account.opened(place).end("in error", "resource: not an object")
        return
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not kind.isalpha() or len(kind) > 64:
        account.opened(place).end("in error", "resourceType: missing, or no name of a resource")
        return
    name = key_of(resource)
    entry = account.opened(name or f"{place} ({kind})")
    wrong = _TWICE if TWICE in resource else ""
    if wrong and kind == "Patient":
        entry.end("in error", wrong)
    else:
        found.append(Held(resource, entry, url, name, wrong))


def once(found: list[Held]) -> list[Held]:
    """Of several entries with one name the newest; where that cannot be told and they differ, none."""
    named = [one.name for one in found if one.name]
    if len(set(named)) == len(named):
        return found
    by_name: dict[str, list[Held]] = {}
    for one in found:
        if one.name:
            by_name.setdefault(one.name, []).append(one)
    left_out: set[int] = set()
    for same in by_name.values():
        if len(same) > 1:
            left_out |= _doubled(same)
    return [one for one in found if id(one) not in left_out] if left_out else found


def _doubled(same: list[Held]) -> set[int]:
    newest = _newest(same)
    if newest is None:
        for one in same:
            one.wrong = "id: several different entries have it"
        return set()
    others = [one for one in same if one is not newest]
    for one in others:
        again = one.resource == newest.resource
        one.entry.end("not needed", "it stands here twice" if again else "there is a newer version of it")
    return {id(one) for one in others}


def _newest(same: list[Held]) -> Held | None:
    latest = max(_version(one.resource) for one in same)
    newest = [one for one in same if _version(one.resource) == latest]
    return newest[0] if all(one.resource == newest[0].resource for one in newest) else None


def _version(resource: Resource) -> datetime:
    """What tells the newer of two versions: the instant of the last change."""
    meta = resource.get("meta")
    updated = meta.get("lastUpdated") if isinstance(meta, dict) else None
    try:
        changed = datetime.fromisoformat(str(updated))
        return changed.astimezone(UTC) if changed.tzinfo else changed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)
