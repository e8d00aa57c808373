"""`screen PATIENT`: one patient against trials, in the format asked for."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screener._version import __version__
from screener.commands.inputs import (
    Parser,
    as_of,
    encode,
    gathered,
    patient_of_call,
    patient_option,
    policy_of_call,
    rules_option,
    trials_of_call,
)
from screener.commands.inputs import (
    anchors as anchors_of_call,
)
from screener.errors import InputError, Problem
from screener.errors import shown as told

if TYPE_CHECKING:
    from screener.model.verdict import ScreeningResult

FORMATS = ("table", "json", "markdown", "html")
OVERALL_STATUS = {"eligible": 0, "ineligible": 10, "undetermined": 11}


def screen_parser() -> Parser:
    parser = Parser(
        prog="screen", description="Screen one patient against clinical trials.",
        epilog="other commands: screen trials · show ID · lint · test · draft FILE · "
        "convert FILE · concepts [WORD] · schema patient|rules|policy|result (each has --help). "
        "A file named like a command is read as ./NAME.",
    )  # fmt: skip
    parser.add_argument("patient", metavar="PATIENT",
                        help="a patient's JSON or FHIR bundle; - reads standard input")  # fmt: skip
    patient_option(parser)
    parser.add_argument("--trial", action="append", metavar="ID", default=[],
                        help="a trial's id or rule file; may be repeated (default: all trials)")  # fmt: skip
    rules_option(parser)
    parser.add_argument("--as-of", metavar="DATE", help="the day screening is judged, YYYY-MM-DD")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="the site's limits and windows")
    parser.add_argument("--anchor", action="append", metavar="NAME=DATE", default=[],
                        help="the day of enrolment, first dose, informed consent or transplant: "
                        '"first dose=2026-10-20"')  # fmt: skip
    parser.add_argument("--format", choices=FORMATS, default="table",
                        help="for a person (table, cut to the terminal's width; markdown and html, whole) "
                        "or a program (json)")  # fmt: skip
    parser.add_argument("--json", action="store_const", const="json", dest="format",
                        help="the same as --format json")  # fmt: skip
    parser.add_argument("--explain", metavar="CRITERION", help="one criterion's whole trace")
    parser.add_argument("--exit-verdict", action="store_true",
                        help="exit 0 eligible, 10 ineligible, 11 undetermined (one trial)")  # fmt: skip
    parser.add_argument("--version", action="version", version=f"screener {__version__}")
    return parser


def run_screen(options: argparse.Namespace) -> int:
    from screener import api

    problems: list[Problem] = []
    if options.exit_verdict and len(options.trial) != 1:
        problems.append(Problem("call", "this speaks of one trial", "--exit-verdict",
                                "name it with --trial"))  # fmt: skip
    if options.explain is not None and options.format in ("markdown", "html"):
        problems.append(Problem("call", f"there is no {options.format} of one criterion", "--explain",
                                "use --format table or json"))  # fmt: skip
    gathered(problems, lambda: as_of(options.as_of))
    anchors = gathered(problems, lambda: anchors_of_call(options.anchor))
    patient = gathered(problems, lambda: patient_of_call(options.patient, options.as_of, options.wanted))
    policy = gathered(problems, lambda: policy_of_call(options.policy))
    trials = gathered(problems, lambda: trials_of_call(options.trial, options.rules))
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


def write_json(document: Any) -> None:
    """JSON in UTF-8, without the characters that a terminal would obey."""
    import json

    text = json.dumps(document, ensure_ascii=False, indent=2)
    sys.stdout.write(text.translate(_OBEYED) + "\n")


_CODES = (*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_OBEYED = {code: f"\\u{code:04x}" for code in _CODES}


def _print(results: "list[ScreeningResult]", options: argparse.Namespace) -> None:
    if options.format != "table":
        encode(sys.stdout, encoding="utf-8")
    if options.format == "json":
        documents = [result.model_dump() for result in results]
        write_json(documents[0] if options.trial and len(documents) == 1 else documents)
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
        raise InputError([Problem("unknown-criterion", f"no criterion `{told(options.explain, 20)}`",
                                  "--explain", help)])  # fmt: skip
    if options.format == "json":
        documents = [result.model_dump() for result, _ in found]
        shown = [entry for document in documents for entry in document["criteria"]
                 if entry["id"].casefold() == wanted]  # fmt: skip
        encode(sys.stdout, encoding="utf-8")
        write_json(shown[0] if len(shown) == 1 else shown)
        return
    from screener.report import console

    for result, criterion in found:
        console.explained(result, criterion, sys.stdout)
