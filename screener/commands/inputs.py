"""What a call names: a patient, trials, a policy, days. Every problem of all of them at once."""

import argparse
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from screener.errors import InputError, Problem, shown

if TYPE_CHECKING:
    from screener.api import Converted
    from screener.model.patient import Patient
    from screener.model.policy import Policy
    from screener.model.trial import Trial

T = TypeVar("T")


class Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        wrong, help = self._worded(message)
        command = self.prog.removeprefix("screen").strip()
        raise InputError([Problem("call", wrong, command, help or f"see `{self.prog} --help`")])

    def _worded(self, message: str) -> tuple[str, str]:
        """What argparse says, in words that do not change from one Python to the next."""
        if message.startswith("the following arguments are required: "):
            return f"{message.split(': ', 1)[1]} is missing", ""
        if message.startswith("unrecognized arguments: "):
            given = message.split(": ", 1)[1]
            options = self._option_string_actions if given.startswith("-") else ()
            near = get_close_matches(given.split()[0], options, n=1)
            return f"`{shown(given, 80)}` is not understood", f"did you mean `{near[0]}`?" if near else ""
        option, _, rest = message.removeprefix("argument ").partition(": ")
        for action in self._actions:
            if action.choices and rest.startswith("invalid choice: "):
                names = ("/".join(action.option_strings), action.metavar, action.dest)
                if option in names:
                    given = rest.removeprefix("invalid choice: ").split(" (choose from")[0].strip("'")
                    known = [str(choice) for choice in action.choices]
                    near = get_close_matches(given, known, n=1)
                    return (
                        f"`{shown(given, 40)}` is not a word for {option}",
                        f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}",
                    )
        if rest.startswith("not allowed with argument "):
            return f"{option} and {rest.split()[-1]} exclude each other", "give one of them"
        if rest == "expected one argument":
            return f"{option} needs a value", ""
        if rest.startswith("ignored explicit argument "):
            return f"{option} takes no value", ""
        return message, ""


def rules_option(parser: Parser) -> None:
    parser.add_argument("--rules", type=Path, metavar="DIR", help="a folder of rule files")


def gathered(problems: list[Problem], read: Callable[[], T]) -> T | None:
    """What `read` gives; its problems join the others, so that one call shows all of them."""
    try:
        return read()
    except InputError as error:
        problems.extend(error.problems)
        return None


def as_of(given: str | None) -> None:
    from screener.model.calendar import read_date

    if given is None:
        return
    try:
        exact = read_date(given).exact
    except ValueError:
        exact = False
    if not exact:
        raise InputError([Problem("as-of", f"`{shown(given, 40)}` is not one day of the calendar", "--as-of",
                                  "write YYYY-MM-DD")])  # fmt: skip


def patient_of_call(name: str, as_of: str | None, wanted: str | None = None) -> "Patient":
    made = converted_of_call(name, wanted)
    if made.patient is None or made.problems:
        raise InputError(made.problems)
    _own_day(made.patient, as_of, "standard input" if name == "-" else name)
    return made.patient


def converted_of_call(name: str, wanted: str | None) -> "Converted":
    """What the named input became, our own profile or a record of another system."""
    from screener import api
    from screener.intake.json_profile import MAX_BYTES

    if not name.strip():
        raise InputError([Problem("call", "PATIENT is an empty name", "", "name a patient's JSON, or -")])
    if name != "-":
        return api.convert(Path(name), wanted)
    content = read_input(name, MAX_BYTES, "pipe a patient's JSON in, or name its file")
    return api.converted(content, "standard input", wanted)


def patient_option(parser: Parser) -> None:
    parser.add_argument("--patient", metavar="ID", dest="wanted",
                        help="which of several patients of a bundle")  # fmt: skip


def read_input(name: str, limit: int, help: str) -> bytes:
    """The content of a file, or of standard input if it is named `-`."""
    if name != "-":
        from screener.rulebook.library import read_bytes

        return read_bytes(Path(name), limit)
    try:
        content = sys.stdin.buffer.read(limit + 1)
    except (OSError, ValueError, AttributeError):
        raise InputError([Problem("stdin", "it cannot be read", "standard input", help)]) from None
    if len(content) > limit:
        raise InputError([Problem("too-large", f"it is larger than {limit:,} bytes", "standard input",
                                  "check that it is the right file")])  # fmt: skip
    return content


def _own_day(patient: "Patient", given: str | None, place: str) -> None:
    """Refuses a profile whose own day would be screened on and is none."""
    from screener import api

    if given is not None:
        return
    try:
        api.as_of_day(patient)
    except InputError as error:
        raise InputError(problem.at(place) for problem in error.problems) from None


def anchors(given: Sequence[str]) -> dict[str, str]:
    from screener.model.calendar import read_date

    known = ("enrolment", "first dose", "informed consent", "transplant")
    anchors: dict[str, str] = {}
    problems = []
    for item in given:
        name, _, day = item.partition("=")
        try:
            read_date(day)
            dated = True
        except ValueError:
            dated = False
        if name in known and dated:
            anchors[name] = day
            continue
        if name in known:
            message = f"`{shown(day, 40)}` is no date" if day else f"`{name}` has no date"
            help = f"write '{name}=YYYY-MM-DD'"
        else:
            near = get_close_matches(name, known, n=1)
            message = f"`{shown(name, 40)}` is no anchor"
            help = f"did you mean `{near[0]}`?" if near else (
                f"write NAME=YYYY-MM-DD; names are {', '.join(known)}")  # fmt: skip
        problems.append(Problem("anchor", message, "--anchor", help))
    if problems:
        raise InputError(problems)
    return anchors


def policy_of_call(path: Path | None) -> "Policy | None":
    if path is None:
        return None
    from screener import api

    return api.load_policy(path)


def trials_of_call(named: Sequence[str], rules: Path | None) -> "list[Trial]":
    from screener import api
    from screener.rulebook.library import trial_files

    if named:
        problems: list[Problem] = []
        found = [gathered(problems, lambda name=name: api.load_trial(name, rules))  # type: ignore[misc]
                 for name in dict.fromkeys(named)]  # fmt: skip
    else:
        problems = []
        files = trial_files(rules)
        if not files:
            problems.append(no_rules(rules))
        found = [gathered(problems, lambda path=path: api.load_trial(path)) for path in files]  # type: ignore[misc]
    if problems:
        raise InputError(problems)
    return [trial for trial in found if trial is not None]


def no_rules(rules: Path | None) -> Problem:
    return Problem("no-rules", "the folder holds no rule file", str(rules or "rules"),
                   "name a folder that holds files such as NCT05378971.yaml")  # fmt: skip


def encode(stream: Any, **how: str) -> None:
    """Sets how a stream is encoded, where it can be set: no character of a result may end a call."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(**how)
