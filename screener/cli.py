"""The command line. Every problem of the input ends in a message and exit status 2."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from screener._version import __version__
from screener.errors import InputError, Problem

if TYPE_CHECKING:
    from screener.model.patient import Patient
    from screener.model.policy import Policy
    from screener.model.trial import Trial
    from screener.model.verdict import ScreeningResult

FORMATS = ("table", "json", "markdown", "html")
OVERALL_STATUS = {"eligible": 0, "ineligible": 10, "undetermined": 11}


T = TypeVar("T")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InputError([Problem("call", message, "screen", f"see `{self.prog} --help`")])


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one call and gives its exit status."""
    # No plugin of somebody else's gets to see a patient's record (and none costs start-up time).
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(given)
    except InputError as error:
        _say(error)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # the last guard: a defect of ours must not print a patient's data
        if os.environ.get("SCREENER_DEBUG"):
            raise
        print(f"screen: an internal error ({type(error).__name__}); set SCREENER_DEBUG=1 to see where, "
              "and report it", file=sys.stderr)  # fmt: skip
        return 2


def _say(error: InputError) -> None:
    for problem in error.problems:
        print(f"screen: {problem}", file=sys.stderr)


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

    if options.exit_verdict and len(options.trial) != 1:
        raise InputError([Problem("call", "--exit-verdict speaks of one trial", "screen",
                                  "name it with --trial")])  # fmt: skip
    problems: list[Problem] = []
    patient = _gathered(problems, lambda: _patient(options))
    policy = _gathered(problems, lambda: _policy(options.policy))
    trials = _gathered(problems, lambda: _trials(options.trial, options.rules))
    if problems or patient is None or trials is None:
        raise InputError(problems)
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


def _patient(options: argparse.Namespace) -> "Patient":
    from screener import api

    if options.patient == "-":
        try:
            content = sys.stdin.buffer.read()
        except (OSError, ValueError, AttributeError):
            raise InputError([Problem("stdin", "standard input cannot be read", "-",
                                      "pipe a patient's JSON in, or name its file")]) from None  # fmt: skip
        patient = api.patient_of(content, "standard input")
    else:
        patient = api.load_patient(Path(options.patient))
    return patient.model_copy(update={"anchors": {**patient.anchors, **_anchors(options.anchor)}})


def _anchors(given: Sequence[str]) -> dict[str, str]:
    from screener.model.calendar import read_date

    known = ("enrolment", "first dose", "informed consent", "transplant")
    anchors = {}
    for item in given:
        name, _, day = item.partition("=")
        try:
            read_date(day)
        except ValueError:
            name = ""
        if name not in known:
            raise InputError([Problem("anchor", f"`{item[:60]}` is no anchor and date", "--anchor",
                                      f"write one of {', '.join(known)} as NAME=YYYY-MM-DD")])  # fmt: skip
        anchors[name] = day
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
            problems.append(Problem("no-rules", "the folder holds no rule file", str(rules)))
        found = [_gathered(problems, lambda path=path: api.load_trial(path)) for path in files]  # type: ignore[misc]
    if problems:
        raise InputError(problems)
    return [trial for trial in found if trial is not None]


def _print(results: "list[ScreeningResult]", options: argparse.Namespace) -> None:
    if options.format == "json":
        import json

        documents = [result.model_dump() for result in results]
        whole = documents[0] if len(options.trial) == 1 else documents
        json.dump(whole, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
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
        raise InputError([Problem("unknown-criterion", f"no criterion `{options.explain[:20]}`",
                                  "--explain", f"{results[0].trial} has {known}")])  # fmt: skip
    if options.format == "json":
        import json

        documents = [result.model_dump() for result, _ in found]
        shown = [entry for document in documents for entry in document["criteria"]
                 if entry["id"].casefold() == wanted]  # fmt: skip
        json.dump(shown[0] if len(shown) == 1 else shown, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
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
        print(line)
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
    count = 0
    for path in options.files or trial_files(options.rules):
        trial = _gathered(problems, lambda path=path: api.load_trial(path))  # type: ignore[misc]
        if trial is not None:
            for finding in lint(trial, catalogue()):
                print(f"{path} {finding}")
                count += 1
    if problems:
        raise InputError(problems)
    print("nothing found" if not count else f"{count} finding{'' if count == 1 else 's'}")
    return 1 if count else 0


def _test(options: argparse.Namespace) -> int:
    from screener.review.cases import case_files, differences, read_cases

    failed = total = 0
    for path in options.files or case_files():
        beside = path.parent if options.files and (path.parent / "patients").is_dir() else None
        for case in read_cases(path):
            total += 1
            wrong = list(differences(case, beside and beside / "patients", options.rules))
            failed += bool(wrong)
            for line in wrong:
                print(f"{path.name}: {case.name}: {line}")
    print(f"{total - failed} of {total} cases as expected")
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
        raise InputError([Problem("unknown-name", message, "concepts", help)])
    return _lines(lines)


def _schema_parser() -> _Parser:
    parser = _Parser(prog="screen schema", description="The JSON Schema of a document.")
    parser.add_argument("document", choices=("patient", "rules", "result"))
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
