"""Finds rule files and keeps each one compiled, by content hash, between calls."""

import re
from pathlib import Path

from screener import resources
from screener.errors import InputError, Problem, is_record, shown
from screener.model import codec
from screener.model.trial import Trial
from screener.vocabulary.catalogue import Catalogue
from screener.vocabulary.load import keep, kept

_MAX_BYTES = 5_000_000
_FORMAT = "3"  # of the compiled rule: raise it when the rule model changes
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NO_NAME = Problem(
    "no-name",
    "this is a text, not the name of a file, so it is not shown here",
    help="name a file, or pipe the text in as `-`; in a program, give json.loads(text)",
)


def trial_files(folder: Path | None = None) -> list[Path]:
    """The rule files of a folder, by name. Raises InputError where there is no such folder."""
    chosen = folder or resources.rules()
    if not chosen.is_dir():
        raise InputError([Problem("no-folder", "there is no such folder of rule files", shown(str(chosen)),
                                  "name a folder that holds files such as NCT05378971.yaml")])  # fmt: skip
    return sorted(chosen.glob("*.yaml"))


def find(name: str, folder: Path | None = None) -> Path:
    """The rule file of a trial's id, or of a path. Raises InputError where there is none."""
    if name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name:
        return Path(name)
    files = {path.stem: path for path in trial_files(folder)}
    if _ID.fullmatch(name) and name.upper() in {stem.upper() for stem in files}:
        return next(path for stem, path in files.items() if stem.upper() == name.upper())
    raise InputError([Problem("unknown-trial", f"no rule file for the trial `{shown(name, 80)}`",
                              help=_suggestion(name, list(files)))])  # fmt: skip


def _suggestion(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.upper(), known, n=1)
    if not known:
        return "the folder holds no rule file"
    return f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"


def load(path: Path, catalogue: Catalogue) -> Trial:
    """The trial of a rule file. Raises InputError with every problem of the file."""
    content = read_bytes(path)
    key = f"{_FORMAT} {catalogue.sha256} {_language()}".encode() + content
    stored = kept("rules", _digest(key))
    if stored is not None:
        try:
            made = codec.made(stored)
        except (KeyError, TypeError, ValueError, ArithmeticError):
            made = None
        if isinstance(made, Trial):
            return made
        # a damaged file is compiled anew
    from screener.rulebook.read import read_trial

    trial, problems = read_trial(text_of(content, path), catalogue, str(path))
    if trial is None:
        raise InputError(problems)
    keep("rules", _digest(key), codec.plain(trial))
    return trial


def _digest(key: bytes) -> str:
    from hashlib import sha256

    return sha256(key).hexdigest()


def _language() -> str:
    """What the meaning of a rule's text depends on beside the vocabulary: grammar and version."""
    from screener._version import __version__

    grammar = resources.grammar()
    files = ("lexis.lark", "criterion.lark")
    return __version__ + _digest(b"".join((grammar / name).read_bytes() for name in files))


def read_bytes(path: Path, limit: int = _MAX_BYTES) -> bytes:
    """A file's content. Raises InputError where it cannot be read or is too large."""
    place = shown(str(path))
    try:
        if path.is_dir():
            problem = Problem("folder", "this is a folder, not a file", place, "name a file in it")
        else:
            with path.open("rb") as file:
                content = file.read(limit + 1)
            if len(content) <= limit:
                return content
            problem = Problem("too-large", f"the file is larger than {limit:,} bytes", place,
                              "check that it is the right file")  # fmt: skip
    except FileNotFoundError:
        problem = Problem("no-file", "there is no such file", place, "check the path")
    except (OSError, ValueError):
        problem = Problem("unreadable", "the file cannot be read", place,
                          "check the path and its permissions")  # fmt: skip
    raise InputError([_NO_NAME if is_record(str(path)) else problem])


def text_of(content: bytes, path: Path | str) -> str:
    """The text of a file in UTF-8. Raises InputError where it is in another encoding."""
    try:
        text = content.decode("utf-8-sig").removeprefix("\ufeff")
        if "\0" not in text:
            return text
        at, message = content.index(0), "holds a NUL byte: the file is damaged, or in UTF-16"
    except UnicodeDecodeError as error:
        at, message = error.start, "is not UTF-8"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        at, message = 0, "is UTF-16, not UTF-8"
    line = content.count(b"\n", 0, at) + 1
    raise InputError([Problem("encoding", f"line {line} {message}", str(path),
                              "save the file as UTF-8")])  # fmt: skip
