"""The command line. Every problem of the input ends in a message and exit status 2."""

import argparse
import errno
import gc
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from screener._version import __version__
from screener.errors import InputError, Problem, visible

if TYPE_CHECKING:
    from screener.model.patient import Patient
    from screener.model.policy import Policy
    from screener.model.trial import Trial
    from screener.model.verdict import ScreeningResult

FORMATS = ("table", "json", "markdown", "html")
OVERALL_STATUS = {"eligible": 0, "ineligible": 10, "undetermined": 11}


T = TypeVar("T")


_UNWRITTEN = Problem("output", "the result cannot be written", "standard output",
                     "check where it is sent, and the space left there")  # fmt: skip


class _Parser(argparse.ArgumentParser):
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
            return f"`{given[:80]}` is not understood", f"did you mean `{near[0]}`?" if near else ""
        option, _, rest = message.removeprefix("argument ").partition(": ")
        for action in self._actions:
            if action.choices and rest.startswith("invalid choice: "):
                names = ("/".join(action.option_strings), action.metavar, action.dest)
                if option in names:
                    given = rest.removeprefix("invalid choice: ").split(" (choose from")[0].strip("'")
                    known = [str(choice) for choice in action.choices]
                    near = get_close_matches(given, known, n=1)
                    return (
                        f"`{given[:40]}` is not a word for {option}",
                        f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}",
                    )
        if rest == "expected one argument":
            return f"{option} needs a value", ""
        return message, ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one call and gives its exit status."""
    # No plugin of somebody else's gets to see a patient's record (and none costs start-up time).
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.disable()  # a call is short: what it makes, it needs to its end
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _written(given)
    except InputError as error:
        _say(error)
        return 2
    except BrokenPipeError:
        _silence()
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # the last guard: a defect of ours must not print a patient's data
        if os.environ.get("SCREENER_DEBUG"):
            raise
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EIO, errno.EBADF):
            _silence()
            _say(InputError([_UNWRITTEN]))
            return 2
        print(f"screen: an internal error ({type(error).__name__}); set SCREENER_DEBUG=1 to see where, "
              "and report it", file=sys.stderr)  # fmt: skip
        return 2
    return status


def _written(given: list[str]) -> int:
    if sys.stdout is None:  # closed by the caller
        raise InputError([_UNWRITTEN])
    _encode(sys.stdout, errors="backslashreplace")
    status = _run(given)
    sys.stdout.flush()
    return status


def _say(error: InputError) -> None:
    """Tells every problem; a help that several problems in a row share stands once, below them."""
    problems = list(error.problems)
    for problem, following in zip(problems, [*problems[1:], None], strict=True):
        shared = following is not None and following.help == problem.help
        print(f"screen: {replace(problem, help='') if shared else problem}", file=sys.stderr)


def _encode(stream: Any, **how: str) -> None:
    """Sets how a stream is encoded, where it can be set: no character of a result may end a call."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(**how)


def _silence() -> None:
    """Sends what is left to write nowhere, so that Python does not complain of it on its way out."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return


def _run(given: list[str]) -> int:
    if given and given[0] in COMMANDS:
        parser, run = COMMANDS[given[0]]
        return run(parser().parse_args(given[1:]))
    return _screen(_screen_parser().parse_args(given))


# --- screen PATIENT ---------------------------------------------------------------------------


def _screen_parser() -> _Parser:
    parser = _Parser(
        prog="screen", description="Screen one patient against clinical trials.",
        epilog="other commands: screen trials · show ID · lint · test · concepts [WORD] · "
        "schema patient|rules|result (each has --help). A file named like a command is read as ./NAME.",
    )  # fmt: skip
    parser.add_argument("patient", metavar="PATIENT", help="a patient's JSON; - reads standard input")
    parser.add_argument("--trial", action="append", metavar="ID", default=[],
                        help="a trial's id or rule file; may be repeated (default: all trials)")  # fmt: skip
    _rules_option(parser)
    parser.add_argument("--as-of", metavar="DATE", help="the day screening is judged, YYYY-MM-DD")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="the site's limits and windows")
    parser.add_argument("--anchor", action="append", metavar="NAME=DATE", default=[],
                        help="the day of enrolment, first dose, informed consent or transplant")  # fmt: skip
    parser.add_argument("--format", choices=FORMATS, default="table")
    parser.add_argument("--json", action="store_const", const="json", dest="format",
                        help="the same as --format json")  # fmt: skip
    parser.add_argument("--explain", metavar="CRITERION", help="one criterion's whole trace")
    parser.add_argument("--exit-verdict", action="store_true",
                        help="exit 0 eligible, 10 ineligible, 11 undetermined (one trial)")  # fmt: skip
    parser.add_argument("--version", action="version", version=f"screener {__version__}")
    return parser


def _rules_option(parser: _Parser) -> None:
    parser.add_argument("--rules", type=Path, metavar="DIR", help="a folder of rule files")


def _screen(options: argparse.Namespace) -> int:
    from screener import api

    problems: list[Problem] = []
    if options.exit_verdict and len(options.trial) != 1:
        problems.append(Problem("call", "this speaks of one trial", "--exit-verdict",
                                "name it with --trial"))  # fmt: skip
    if options.explain is not None and options.format in ("markdown", "html"):
        problems.append(Problem("call", f"there is no {options.format} of one criterion", "--explain",
                                "use --format table or json"))  # fmt: skip
    _gathered(problems, lambda: _as_of(options.as_of))
    anchors = _gathered(problems, lambda: _anchors(options.anchor))
    patient = _gathered(problems, lambda: _patient(options.patient, options.as_of))
    policy = _gathered(problems, lambda: _policy(options.policy))
    trials = _gathered(problems, lambda: _trials(options.trial, options.rules))
    if problems or patient is None or trials is None:
        raise InputError(problems)
    patient = patient.model_copy(update={"anchors": {**patient.anchors, **(anchors or {})}})
    chart = api.chart(patient, as_of=options.as_of, policy=policy)
    results = api.screen_all(chart, trials)
    if options.explain is not None:
        _explain(results, options)
    else:
        _print(results, options)
    return OVERALL_STATUS[results[0].overall] if options.exit_verdict else 0


def _gathered(problems: list[Problem], read: Callable[[], T]) -> T | None:
    """What `read` gives; its problems join the others, so that one call shows all of them."""
    try:
        return read()
    except InputError as error:
        problems.extend(error.problems)
        return None


def _as_of(given: str | None) -> None:
    from screener.model.calendar import read_date

    if given is None:
        return
    try:
        exact = read_date(given).exact
    except ValueError:
        exact = False
    if not exact:
        raise InputError([Problem("as-of", f"`{given[:40]}` is not one day of the calendar", "--as-of",
                                  "write YYYY-MM-DD")])  # fmt: skip


def _patient(name: str, as_of: str | None) -> "Patient":
    from screener import api
    from screener.intake.json_profile import MAX_BYTES

    if not name.strip():
        raise InputError([Problem("call", "PATIENT is an empty name", "", "name a patient's JSON, or -")])
    if name != "-":
        patient = api.load_patient(Path(name))
        _own_day(patient, as_of, name)
        return patient
    try:
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
    except (OSError, ValueError, AttributeError):
        raise InputError([Problem("stdin", "it cannot be read", "standard input",
                                  "pipe a patient's JSON in, or name its file")]) from None  # fmt: skip
    if len(content) > MAX_BYTES:
        raise InputError([Problem("too-large", f"it is larger than {MAX_BYTES:,} bytes", "standard input",
                                  "check that it is the right file")])  # fmt: skip
    patient = api.patient_of(content, "standard input")
    _own_day(patient, as_of, "standard input")
    return patient


def _own_day(patient: "Patient", given: str | None, place: str) -> None:
    """Refuses a profile whose own day would be screened on and is none."""
    from screener import api

    if given is not None:
        return
    try:
        api.as_of_day(patient)
    except InputError as error:
        raise InputError(problem.at(place) for problem in error.problems) from None


def _anchors(given: Sequence[str]) -> dict[str, str]:
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
            message = f"`{day[:40]}` is no date" if day else f"`{name}` has no date"
            help = f"write '{name}=YYYY-MM-DD'"
        else:
            near = get_close_matches(name, known, n=1)
            message = f"`{name[:40]}` is no anchor"
            help = f"did you mean `{near[0]}`?" if near else (
                f"write NAME=YYYY-MM-DD; names are {', '.join(known)}")  # fmt: skip
        problems.append(Problem("anchor", message, "--anchor", help))
    if problems:
        raise InputError(problems)
    return anchors


def _policy(path: Path | None) -> "Policy | None":
    if path is None:
        return None
    from screener.rulebook.library import read_bytes, text_of
    from screener.rulebook.policy import read_policy
    from screener.vocabulary.load import catalogue

    policy, problems = read_policy(text_of(read_bytes(path), path), catalogue(), str(path))
    if policy is None:
        raise InputError(problems)
    return policy


def _trials(named: Sequence[str], rules: Path | None) -> "list[Trial]":
    from screener import api
    from screener.rulebook.library import trial_files

    if named:
        problems: list[Problem] = []
        found = [_gathered(problems, lambda name=name: api.load_trial(name, rules))  # type: ignore[misc]
                 for name in dict.fromkeys(named)]  # fmt: skip
    else:
        problems = []
        files = trial_files(rules)
        if not files:
            problems.append(_no_rules(rules))
        found = [_gathered(problems, lambda path=path: api.load_trial(path)) for path in files]  # type: ignore[misc]
    if problems:
        raise InputError(problems)
    return [trial for trial in found if trial is not None]


def _no_rules(rules: Path | None) -> Problem:
    return Problem("no-rules", "the folder holds no rule file", str(rules or "rules"),
                   "name a folder that holds files such as NCT05378971.yaml")  # fmt: skip


def _write_json(document: Any) -> None:
    """JSON in UTF-8, without the characters that a terminal would obey."""
    import json

    text = json.dumps(document, ensure_ascii=False, indent=2)
    sys.stdout.write(text.translate(_OBEYED) + "\n")


_CODES = (*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_OBEYED = {code: f"\\u{code:04x}" for code in _CODES}


def _print(results: "list[ScreeningResult]", options: argparse.Namespace) -> None:
    if options.format != "table":
        _encode(sys.stdout, encoding="utf-8")
    if options.format == "json":
        documents = [result.model_dump() for result in results]
        _write_json(documents[0] if len(options.trial) == 1 else documents)
    elif options.format == "markdown":
        from screener.report.markdown import markdown

        sys.stdout.write(markdown(results))
    elif options.format == "html":
        from screener.report.page import html

        sys.stdout.write(html(results))
    else:
        from screener.report import console

        if len(results) > 1:
            console.several(results, sys.stdout)
        else:
            console.one_trial(results[0], sys.stdout)


def _explain(results: "list[ScreeningResult]", options: argparse.Namespace) -> None:
    wanted = options.explain.casefold()
    found = [(result, criterion) for result in results for criterion in result.criteria
             if criterion.id.casefold() == wanted]  # fmt: skip
    if not found:
        known = ", ".join(criterion.id for criterion in results[0].criteria)
        help = f"{results[0].trial} has {known}" if len(results) == 1 else "`screen show ID` lists them"
        raise InputError([Problem("unknown-criterion", f"no criterion `{options.explain[:20]}`",
                                  "--explain", help)])  # fmt: skip
    if options.format == "json":
        documents = [result.model_dump() for result, _ in found]
        shown = [entry for document in documents for entry in document["criteria"]
                 if entry["id"].casefold() == wanted]  # fmt: skip
        _encode(sys.stdout, encoding="utf-8")
        _write_json(shown[0] if len(shown) == 1 else shown)
        return
    from screener.report import console

    for result, criterion in found:
        console.explained(result, criterion, sys.stdout)


# --- the other commands -----------------------------------------------------------------------


def _width() -> int:
    from shutil import get_terminal_size

    return max(40, get_terminal_size().columns)


def _lines(lines: Iterable[str]) -> int:
    for line in lines:
        print(visible(line))
    return 0


def _trials_parser() -> _Parser:
    parser = _Parser(prog="screen trials", description="What can be screened for.")
    _rules_option(parser)
    return parser


def _list_trials(options: argparse.Namespace) -> int:
    from screener.report import listing

    return _lines(listing.trials(_trials([], options.rules)))


def _show_parser() -> _Parser:
    parser = _Parser(prog="screen show", description="A trial's criteria, text beside rule.")
    parser.add_argument("trial", metavar="ID")
    _rules_option(parser)
    return parser


def _show(options: argparse.Namespace) -> int:
    from screener.report import listing

    return _lines(listing.criteria(_trials([options.trial], options.rules)[0], _width()))


def _files_parser(name: str, about: str) -> Callable[[], _Parser]:
    def parser() -> _Parser:
        made = _Parser(prog=f"screen {name}", description=about)
        made.add_argument("files", nargs="*", type=Path, metavar="FILE")
        _rules_option(made)
        return made

    return parser


def _lint(options: argparse.Namespace) -> int:
    from screener import api
    from screener.review.lints import lint
    from screener.rulebook.library import trial_files
    from screener.vocabulary.load import catalogue

    problems: list[Problem] = []
    lines = []
    files = options.files or trial_files(options.rules)
    if not files:
        problems.append(_no_rules(options.rules))
    for path in files:
        trial = _gathered(problems, lambda path=path: api.load_trial(path))  # type: ignore[misc]
        if trial is not None:
            lines += [f"{path} {finding}" for finding in lint(trial, catalogue())]
    if problems:
        raise InputError(problems)
    count = len(lines)
    _lines([*lines, "nothing found" if not count else f"{count} finding{'' if count == 1 else 's'}"])
    return 1 if count else 0


def _test(options: argparse.Namespace) -> int:
    from screener.review.cases import case_files, differences, read_cases

    problems: list[Problem] = []
    lines = []
    failed = total = 0
    for path in options.files or case_files():
        beside = path.parent if options.files and (path.parent / "patients").is_dir() else None
        for case in _gathered(problems, lambda path=path: read_cases(path)) or ():  # type: ignore[misc]
            total += 1
            try:
                wrong = list(differences(case, beside and beside / "patients", options.rules))
            except InputError as error:
                problems += [problem.at(f"{path}: {case.name}") for problem in error.problems]
                continue
            failed += bool(wrong)
            lines += [f"{path.name}: {case.name}: {line}" for line in wrong]
    if problems:
        raise InputError(problems)
    _lines([*lines, f"{total - failed} of {total} cases as expected"])
    return 1 if failed else 0


def _concepts_parser() -> _Parser:
    parser = _Parser(prog="screen concepts", description="The vocabulary: names, codes, units.")
    parser.add_argument("word", nargs="?", default="", metavar="WORD")
    return parser


def _concepts(options: argparse.Namespace) -> int:
    from screener.report import listing
    from screener.vocabulary.load import catalogue

    lines = list(listing.concepts(catalogue(), options.word, _width()))
    if not lines:
        near = catalogue().nearest(options.word)
        help = f"did you mean `{near}`?" if near else "try a part of the word"
        message = f"the vocabulary does not know `{options.word[:60]}`"
        raise InputError([Problem("unknown-name", message, "", help)])
    return _lines(lines)


def _schema_parser() -> _Parser:
    parser = _Parser(prog="screen schema", description="The JSON Schema of a document.")
    parser.add_argument("document", metavar="DOCUMENT", choices=("patient", "rules", "result"))
    return parser


def _schema(options: argparse.Namespace) -> int:
    import json

    from screener.report.schemas import schema

    print(json.dumps(schema(options.document), indent=2, ensure_ascii=False))
    return 0


COMMANDS: dict[str, tuple[Callable[[], _Parser], Callable[[argparse.Namespace], int]]] = {
    "trials": (_trials_parser, _list_trials),
    "show": (_show_parser, _show),
    "lint": (_files_parser("lint", "Check rule files."), _lint),
    "test": (_files_parser("test", "Run the cases kept for rule files."), _test),
    "concepts": (_concepts_parser, _concepts),
    "schema": (_schema_parser, _schema),
}
