"""The README's examples, run as written. `python tests/test_readme.py` writes their output anew."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)


def output(command: str) -> str:
    """What a command of the README prints at 80 columns, without a terminal."""
    words = shlex.split(command.removesuffix(" || true"))
    pipe = words.index("|") if "|" in words else len(words)
    program = [sys.executable, "-m", "screener"] if words[0] == "screen" else [sys.executable]
    environment = os.environ | {"COLUMNS": "80", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [*program, *words[1:pipe]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    text = done.stdout + done.stderr
    if pipe < len(words):  # `| head -N`, the only pipe the README uses
        assert words[pipe + 1] == "head"
        text = "".join(text.splitlines(keepends=True)[: -int(words[pipe + 2])])
    return text


def blocks() -> list[re.Match[str]]:
    return list(BLOCK.finditer(README.read_text("utf-8")))


def test_the_readme_has_examples() -> None:
    assert len(blocks()) >= 3


@pytest.mark.parametrize("block", blocks(), ids=lambda block: block["command"])
def test_an_example_of_the_readme_prints_what_it_shows(block: re.Match[str]) -> None:
    assert output(block["command"]) == block["output"]


if __name__ == "__main__":
    README.write_text(
        BLOCK.sub(lambda block: f"```console\n$ {block['command']}\n{output(block['command'])}```",
                  README.read_text("utf-8")),
        "utf-8",
    )  # fmt: skip
