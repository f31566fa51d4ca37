"""``twin calibrate``, as a user meets it: tables, files, exit codes, messages that name the place and what to write."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.calibrate.press import layout, press
from twin import workspace
from twin.cli import app
from twin.study.files import OutputError

ROOT = Path(workspace.__file__).parent.parent
CLOSED = "standard output cannot be written: "


@pytest.fixture(autouse=True)
def folder(folder: Path) -> Path:
    press(folder, weeks=6)
    layout(folder)
    return folder


Done = subprocess.CompletedProcess[str]


def calibrate(*words: str, command: str = "calibrate") -> Done:
    """The command in this process; what it raises but does not tell fails the test as a traceback would."""
    done = CliRunner().invoke(app, [command, *words], prog_name="twin")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


def shell(line: str) -> Done:
    """A line of a shell, the command in a process of its own."""
    command = line.replace("twin ", f"{sys.executable} -m twin ", 1)
    done = subprocess.run(["sh", "-c", command], check=False, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr + done.stdout
    return done


def there() -> set[str]:
    """The files that were written."""
    return {path.name for path in Path().iterdir()} - {"reading.yaml", "stops.csv", "press.yaml"}


FITTED = {"reading.fitted.yaml", "reading.draws.npz"}


def last(text: str) -> str:
    return text.rstrip("\n").splitlines()[-1]


# -- what comes of it


def test_a_table_the_fitted_file_and_the_next_command() -> None:
    done = calibrate("reading.yaml")
    assert done.returncode == 0
    for words in ("From the log to what is used", "rows of the log", "All modes", "press.die", "90 % intervals"):
        assert words in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 110
    assert done.stderr.splitlines() == [
        "fitted: reading.fitted.yaml",
        "fitted: reading.draws.npz",
        "next: twin calibrate reading.yaml --report report.html",
    ]
    assert there() == FITTED
    assert Path("reading.fitted.yaml").read_text().splitlines()[1] == "# twin calibrate reading.yaml"
    assert calibrate("press.yaml", "--replications", "2", "--inputs", "draws", command="run").returncode == 0


def test_in_french() -> None:
    done = calibrate("reading.yaml", "--lang", "fr")
    assert "Tous les modes" in done.stdout
    assert "lignes du journal" in done.stdout
    assert "rows of the log" not in done.stdout


def test_the_json_is_one_document_and_the_same_twice() -> None:
    one, two = calibrate("reading.yaml", "--json"), calibrate("reading.yaml", "--json")
    assert (one.returncode, one.stdout) == (0, two.stdout)
    found = json.loads(one.stdout)
    assert list(found) == ["calibration", "account", "touched", "problems", "fitted", "notes"]
    assert list(found["fitted"]) == ["press.die"]
    assert [one["key"] for one in found["account"][:5]] == ["files", "unread", "ignored", "left_out", "in"]
    assert found["fitted"]["press.die"]["source"]["file"] == "stops.csv"


def test_another_fitted_file_in_another_folder(folder: Path) -> None:
    (folder / "my laws").mkdir()
    done = calibrate("./reading.yaml", "--out", "my laws/press.yaml")
    assert done.returncode == 0
    assert {one.name for one in (folder / "my laws").iterdir()} == {"press.yaml", "press.draws.npz"}
    assert there() == {"my laws"}
    typed = "twin calibrate ./reading.yaml --out 'my laws/press.yaml'"
    assert last(done.stderr) == f"next: {typed} --report report.html"
    text = (folder / "my laws/press.yaml").read_text()
    assert f"# {typed}\n" in text
    assert "reading: ../reading.yaml," in text
    assert calibrate("reading.yaml", "--check", "--out", "my laws/press.yaml").returncode == 0


def test_paths_may_be_absolute_or_links_or_hold_spaces(folder: Path) -> None:
    (folder / "of mine").mkdir()
    (folder / "of mine/lien.yaml").symlink_to(folder / "reading.yaml")
    (folder / "of mine/stops.csv").symlink_to(folder / "stops.csv")
    assert calibrate(str(folder / "reading.yaml")).returncode == 0
    done = calibrate("of mine/lien.yaml")
    assert (done.returncode, last(done.stderr)) == (0, "next: twin calibrate 'of mine/lien.yaml' --report report.html")
    assert (folder / "of mine/lien.fitted.yaml").is_file()


def test_the_report() -> None:
    done = calibrate("reading.yaml", "--report", "r.html")
    assert done.returncode == 0
    assert done.stderr.splitlines()[2:] == [
        "report: r.html",
        "next: write 'from: reading.fitted.yaml#press.die' in a layout (the file as seen from there), then twin run it",
    ]
    text = Path("r.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in text
    assert "<script" not in text
    assert there() == FITTED | {"r.html"}


def test_a_report_of_names_that_would_harm(folder: Path) -> None:
    machine = "\u202e=cmd()&</svg>"
    rows = (folder / "stops.csv").read_text().replace("DIE", "<script>alert(1)</script>").replace("PRESS", machine)
    (folder / "stops.csv").write_text(rows)
    columns = "{asset: Machine, start: From, end: To, reason: Code}"
    (folder / "harm.yaml").write_text(
        "twin: 1\ncalibration: <script>\ntime_zone: Europe/Paris\n"
        f"history: [{{file: stops.csv, columns: {columns}}}]\n"
        "reasons: {'<script>alert(1)</script>': {mode: die}}\n"
    )
    done = calibrate("harm.yaml", "--report", "r.html", "--lang", "fr")
    assert done.returncode == 0
    page = Path("r.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "\u202e" not in page + done.stdout + done.stderr
    assert "=cmd()&amp;&lt;/svg&gt;.die" in page
    assert "=cmd()&</svg>.die" in done.stdout


# -- --check


def test_check_of_a_fitted_file_that_is_as_the_history_says() -> None:
    calibrate("reading.yaml")
    before = Path("reading.fitted.yaml").read_bytes()
    done = calibrate("reading.yaml", "--check")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "reading.fitted.yaml: as the history says",
        "next: twin calibrate reading.yaml --report report.html",
    ]
    assert calibrate("reading.yaml", "--check", "--json").stdout == "[]\n"
    assert Path("reading.fitted.yaml").read_bytes() == before


def test_check_fails_where_the_history_has_moved(folder: Path) -> None:
    calibrate("reading.yaml")
    (folder / "stops.csv").write_text((folder / "stops.csv").read_text().rstrip("\n").rpartition("\n")[0] + "\n")
    done = calibrate("reading.yaml", "--check")
    assert (done.returncode, done.stdout) == (1, "")
    assert "reading.fitted.yaml:" in done.stderr
    assert "the file 'stops.csv' has changed: sha256 " in done.stderr
    assert last(done.stderr) == "next: twin calibrate reading.yaml"
    found = json.loads(calibrate("reading.yaml", "--check", "--json").stdout)
    assert {one["file"] for one in found} == {"reading.fitted.yaml"}


def test_check_without_a_fitted_file() -> None:
    done = calibrate("reading.yaml", "--check")
    assert (done.returncode, done.stderr.splitlines()) == (
        1,
        ["reading.fitted.yaml:1:1: there is no such fitted file yet", "next: twin calibrate reading.yaml"],
    )
    assert there() == set()


# -- --validate


def test_validate_keeps_its_answer_alone_and_says_what_was_stated(folder: Path) -> None:
    press(folder, weeks=9)
    calibrate("reading.yaml")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    done = calibrate("reading.yaml", "--validate", "press.yaml", "--replications", "30")
    assert done.returncode == 0
    assert "; 30 simulated weeks." in done.stdout
    said = " ".join(done.stdout.replace("\u00a0", " ").split())
    assert "press: h down" in said
    assert "Stated in advance in the reading file: 70 % of the weeks to calibrate on; a bias within 10 % of" in said
    told = ["validity: reading.validity.json", "next: twin run press.yaml --inputs draws"]
    assert done.stderr.splitlines()[-2:] == told
    kept = (folder / "reading.validity.json").read_bytes()
    assert {path: path.read_bytes() for path in folder.iterdir()} == before | {folder / "reading.validity.json": kept}
    again = calibrate("reading.yaml", "--validate", "press.yaml", "--replications", "30", "--json")
    assert (folder / "reading.validity.json").read_bytes() == kept
    assert json.loads(again.stdout).items() <= json.loads(kept).items()


def test_an_answer_that_cannot_be_kept_in_the_end_is_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the disk is full after a minute of simulation."""

    def full(path: object, text: str) -> None:
        raise OutputError(f"{path}: no space left on device")

    press(folder, weeks=9)
    calibrate("reading.yaml")
    monkeypatch.setattr("twin.study.validation.write_text", full)
    for more in ((), ("--json",)):
        done = calibrate("reading.yaml", "--validate", "press.yaml", "--replications", "10", *more)
        assert done.returncode == 1
        assert last(done.stderr) == "reading.validity.json: no space left on device"
        assert json.loads(done.stdout)["simulated_weeks"] == 10 if more else "; 10 simulated weeks." in done.stdout


def test_a_validation_that_cannot_be_kept_is_told_before_a_history_is_read(folder: Path) -> None:
    layout(folder)
    calibrate("reading.yaml")
    (folder / "stops.csv").write_text("no history at all")
    (folder / "reading.validity.json").mkdir()
    done = calibrate("reading.yaml", "--validate", "press.yaml")
    assert done.returncode != 0
    assert last(done.stderr).startswith("reading.validity.json: ")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("none.yaml", "the layout takes no law that reading.yaml has found; write 'from: reading.fitted.yaml#NAME' "
                      "in it"),
        ("reading.yaml", "reading.yaml:2:1: this is a reading file, not a layout; 'twin calibrate reading.yaml' reads "
                         "the history that it names"),
        ("5.yaml", "5.yaml:1:1: no such file"),
    ],
)  # fmt: skip
def test_validate_tells_what_is_wrong_with_the_layout_before_all_else(folder: Path, name: str, text: str) -> None:
    layout(folder, "{mtbf: 6 h, mttr: 20 min}", "none.yaml")
    (folder / "stops.csv").write_text("no history at all")
    done = calibrate("reading.yaml", "--validate", name)
    assert (done.returncode, done.stderr.splitlines()) == (1, [text])


# -- minutes per reason


MINUTES = """\
asset,reason,minutes
PRESS,DIE,90
PRESS,=cmd|calc,30
PRESS,RUN,480
SAW,RUN,60
SAW,DIE,what
"""
READ = """\
twin: 1
calibration: Minutes
history: [{file: minutes.csv, form: minutes}]
reasons: {DIE: {mode: die}, RUN: run, "=cmd|calc": setup}
"""
WHY = "'minutes.csv' gives minutes per reason: that tells availability and which reasons cost most"


def test_minutes_per_reason_are_shown_and_refused(folder: Path) -> None:
    (folder / "minutes.csv").write_text(MINUTES)
    (folder / "minutes.yaml").write_text(READ)
    done = calibrate("minutes.yaml")
    assert done.returncode == 1
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["DIE", "1.5", "h", "75", "%", "75", "%"] in rows
    assert ["=cmd|calc", "0.5", "h", "25", "%", "100", "%"] in rows
    assert ["PRESS", "80", "%"] in rows
    assert ["SAW", "100", "%"] in rows
    assert "minutes.csv:6:3: minutes: 'what' is no number" in done.stderr
    assert f"minutes.yaml:3:10: history: {WHY}" in done.stderr
    assert there() == {"minutes.csv", "minutes.yaml"}
    assert "Temps perdu par cause" in calibrate("minutes.yaml", "--lang", "fr").stdout
    found = json.loads(calibrate("minutes.yaml", "--json").stdout)
    assert any(WHY in one["text"] for one in found)


@pytest.mark.parametrize("rows", ["", "PRESS,DIE,0\n", "PRESS,DIE,30\n"])
def test_minutes_that_tell_little(folder: Path, rows: str) -> None:
    (folder / "minutes.csv").write_text(MINUTES.splitlines()[0] + "\n" + rows)
    (folder / "minutes.yaml").write_text(READ)
    done = calibrate("minutes.yaml")
    assert done.returncode == 1
    assert WHY in done.stderr
    assert ("100 %" in done.stdout.replace("\u00a0", " ")) == ("30" in rows)


# -- what is wrong


def test_bad_rows_are_told_and_the_others_used(folder: Path) -> None:
    n = len((folder / "stops.csv").read_text().splitlines())
    with (folder / "stops.csv").open("a") as file:
        file.write("PRESS,yesterday,2026-02-01T10:00:00,DIE\n" * 25)
    done = calibrate("reading.yaml")
    lines = done.stderr.splitlines()
    assert done.returncode == 0
    assert lines[0].startswith(f"stops.csv:{n + 1}:2: From: 'yesterday' is no time")
    assert lines[0].endswith(f" (and 24 more rows: {', '.join(str(n + k) for k in range(2, 7))}, …)")
    assert lines[1].startswith("fitted: ")
    assert len(json.loads(calibrate("reading.yaml", "--json").stdout)["problems"]) == 25


def test_a_wrong_reading_file_has_all_its_problems_told(folder: Path) -> None:
    text = (folder / "reading.yaml").read_text()
    (folder / "reading.yaml").write_text(
        text.replace("file: stops", "file: stop").replace("seed: 7", "sede: 7").replace("draws: 50", "draws: no")
    )
    for done in (calibrate("reading.yaml"), calibrate("reading.yaml", command="check")):
        assert done.returncode == 1
        assert re.search(r"^reading\.yaml:\d+:\d+: sede: unknown key 'sede'; did you mean 'seed'\?$", done.stderr, re.M)
        assert re.search(r"^reading\.yaml:\d+:\d+: draws: a whole number is due", done.stderr, re.M)
    assert len(json.loads(calibrate("reading.yaml", "--json").stdout)) == 2


def test_check_reads_a_reading_file_without_its_history(folder: Path) -> None:
    (folder / "stops.csv").unlink()
    done = calibrate("reading.yaml", command="check")
    told = "of reading files the words are checked; the history itself is read by twin calibrate"
    assert done.returncode == 0
    assert done.stderr == f"1 file checked, 0 warnings\n{told}\nnext: twin calibrate reading.yaml\n"
    done = calibrate("press.yaml", "reading.yaml", command="check")
    assert done.returncode == 1  # the layout asks for the fitted file
    calls = calibrate("reading.yaml", "reading.yaml", command="check").stderr.splitlines()
    assert calls == ["2 files checked, 0 warnings", told, "next: twin calibrate reading.yaml"]


@pytest.mark.parametrize(
    ("command", "name", "text"),
    [
        ("calibrate", "press.yaml", "press.yaml:1:1: this is a layout, not a reading file; 'twin run press.yaml' "
                                    "simulates it"),
        ("run", "reading.yaml", "reading.yaml:2:1: this is a reading file, not a layout; 'twin calibrate reading.yaml' "
                                "reads the history that it names"),
        ("check", "reading.fitted.yaml", "reading.fitted.yaml:5:1: this is a fitted file, not a layout; a layout takes "
                                         "its laws by 'from: reading.fitted.yaml#press.die'"),
        ("calibrate", "reading.fitted.yaml", "reading.fitted.yaml:5:1: this is a fitted file, not a reading file; it "
                                             "was made with 'reading.yaml'"),
    ],
)  # fmt: skip
def test_a_file_of_another_language_is_told_from_the_command(command: str, name: str, text: str) -> None:
    calibrate("reading.yaml")
    done = calibrate(name, command=command)
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, text)


def test_a_history_that_tells_nothing_leaves_the_fitted_file_alone(folder: Path) -> None:
    calibrate("reading.yaml")
    before = (folder / "reading.fitted.yaml").read_bytes()
    (folder / "reading.yaml").write_text((folder / "reading.yaml").read_text().replace("{mode: die}", "unknown"))
    (folder / "reading.yaml").write_text(re.sub(r"modes:\n  .*\n", "", (folder / "reading.yaml").read_text()))
    done = calibrate("reading.yaml", "--report", "r.html")
    assert done.returncode == 1
    assert "rows of the log" in done.stdout
    assert last(done.stderr) == "no law, time or share can be told from this history; no fitted file is written"
    assert (folder / "reading.fitted.yaml").read_bytes() == before
    assert (folder / "r.html").is_file()


# -- options and files


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--check", "--report", "r.html"), "one of --check, --validate and --report at a time"),
        (("--check", "--validate", "press.yaml"), "one of --check, --validate and --report at a time"),
        (
            ("--validate", "press.yaml", "--out", "x.yaml"),
            "--out names the fitted file, which --validate does not write",
        ),
        (("--replications", "50"), "--replications are weeks that --validate simulates; name the layout with it"),
        (
            ("--validate", "press.yaml", "--replications", "1"),
            "--replications: a whole number from 2 to 1000000 is due",
        ),
        (("--lang", "de"), "lang must be 'en' or 'fr', not 'de'"),
        (("--out", "r.json"), "r.json: the name must end in .yaml"),
        (("--report", "r.pdf"), "r.pdf: the name must end in .html"),
        (("--out", "reading.yaml"), "reading.yaml: this is a reading file; name another file"),
        (("--out", "link.yaml"), "link.yaml: this is a reading file; name another file"),
        (("--out", "press.yaml"), "press.yaml: this is a layout; name another file"),
        (("--nope",), "No such option"),
        (("again.yaml",), "unexpected extra argument"),
    ],
)
def test_misuse_is_2(folder: Path, words: tuple[str, ...], text: str) -> None:
    (folder / "link.yaml").symlink_to(folder / "reading.yaml")
    before = there()
    done = calibrate("reading.yaml", *words)
    assert (done.returncode, done.stdout, there()) == (2, "", before)
    assert text in " ".join(done.stderr.replace("│", " ").split())


def test_an_output_never_takes_the_place_of_what_is_read(folder: Path) -> None:
    """The history may have any name, that of the report, of the fitted file or of its draws."""
    text, reading = (folder / "stops.csv").read_text(), (folder / "reading.yaml").read_text()
    for name, words in (
        ("h.yaml", ("--out", "h.yaml")),
        ("h.html", ("--report", "h.html")),
        ("h.draws.npz", ("--out", "h.yaml")),
    ):
        (folder / name).write_text(text)
        (folder / "reading.yaml").write_text(reading.replace("stops.csv", name))
        done = calibrate("reading.yaml", *words)
        assert done.returncode == 2, name
        assert f"{name}: this is {name}, which reading.yaml reads" in " ".join(done.stderr.replace("│", " ").split())
        assert (folder / name).read_text() == text
        (folder / name).unlink()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--out", "none/x.yaml"), "none/x.yaml: there is no directory"),
        (("--report", "none/x.html"), "none/x.html: there is no directory"),
        (("--out", "folder.yaml"), "folder.yaml: this is a directory; name a file"),
    ],
)
def test_a_place_that_cannot_be_written_is_1(folder: Path, words: tuple[str, ...], text: str) -> None:
    (folder / "folder.yaml").mkdir()
    done = calibrate("reading.yaml", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(text)
    assert there() == {"folder.yaml"}


def test_a_folder_that_is_closed_to_us(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everywhere
    done = calibrate("reading.yaml")
    assert (done.returncode, done.stderr) == (1, "reading.fitted.yaml: cannot be written: no permission\n")


def test_the_last_of_an_option_given_twice_holds() -> None:
    assert calibrate("reading.yaml", "--out", "a.yaml", "--out", "b.yaml").returncode == 0
    assert there() == {"b.yaml", "b.draws.npz"}


# -- streams and Ctrl-C


@pytest.mark.long
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_files_are_written_before_the_output_breaks() -> None:
    done = shell("twin calibrate reading.yaml > /dev/full")
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == ["fitted: reading.fitted.yaml", "fitted: reading.draws.npz"]
    assert last(done.stderr).startswith(CLOSED)
    assert there() == FITTED


def test_ctrl_c_while_it_reads_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    import twin.api.history

    monkeypatch.setattr(twin.api.history, "calibrate", lambda *_: signal.raise_signal(signal.SIGINT))
    done = calibrate("reading.yaml")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted: nothing is written\n")
    assert there() == set()


def test_ctrl_c_while_it_validates(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    import twin.study.validate

    press(folder, weeks=9)
    calibrate("reading.yaml")
    monkeypatch.setattr(twin.study.validate, "replicate", lambda *_, **__: signal.raise_signal(signal.SIGINT))
    done = calibrate("reading.yaml", "--validate", "press.yaml")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted: nothing is written\n")
