"""A calibration in a notebook: fit, save, check, document, table, report, and what it looks like."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import twin
from tests.calibrate.press import layout, press
from twin import api
from twin.api.history import check_names, default_of
from twin.study.files import OutputNameError


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> twin.Calibration:
    """Never written into: each test copies what it writes."""
    return twin.fit(press(tmp_path_factory.mktemp("press"), weeks=9))


@pytest.fixture
def folder(found: twin.Calibration) -> Iterator[Path]:
    """The folder of the calibration, and afterwards as it was."""
    place = found.chain.reading.path.parent
    before = {path: path.read_bytes() for path in place.iterdir()}
    yield place
    for path in place.iterdir():
        path.unlink()
    for path, data in before.items():
        path.write_bytes(data)


def test_what_it_holds(found: twin.Calibration) -> None:
    assert found.names == ["press.die"]
    assert [one.name for one in found.findings.modes] == ["press.die"]
    assert not found.is_empty
    assert not found.problems
    assert found.default.name == "reading.fitted.yaml"
    assert [path.name for path in found.reads] == ["stops.csv"]
    found.account.check()


def test_each_step_is_told(tmp_path: Path) -> None:
    steps = list[str]()
    twin.fit(press(tmp_path, weeks=2), steps.append)
    assert steps == ["read", "clean", "observe", "fit"]


def test_save_writes_two_files_that_a_layout_can_use(found: twin.Calibration, folder: Path) -> None:
    saved = found.save(command="typed\n- so")
    assert [path.name for path in saved] == ["reading.fitted.yaml", "reading.draws.npz"]
    assert "\n# typed - so\n" in saved[0].read_text()
    plant = twin.load(layout(folder))
    assert [one.words for one in plant.plan.inputs] == ["press.die up", "press.die repair"]
    assert plant.plan.inputs.draws == 50
    assert found.check() == []
    assert twin.check(folder / "reading.yaml") == []


def test_check_says_what_has_moved(found: twin.Calibration, folder: Path) -> None:
    assert [one.text for one in found.check()] == ["there is no such fitted file yet"]
    saved = found.save()
    text = saved[0].read_text()
    exposure = next(word for word in text.split("exposure: ")[1].split(" h"))
    saved[0].write_text(text.replace(f"exposure: {exposure} h", "exposure: 1 h"))
    assert any("'1 h' in the file" in one.text for one in found.check())


def test_the_document_is_json_and_holds_the_fitted_file(found: twin.Calibration) -> None:
    document = json.loads(json.dumps(found.document(), allow_nan=False))
    assert document["calibration"] == "A made-up history"
    assert document["fitted"]["press.die"]["evidence"]["failures"] == found.findings.modes[0].evidence.up.failures
    assert {"part", "key", "words", "rows", "changed", "time"} <= set(document["account"][0])


def test_table_text_and_html(found: twin.Calibration) -> None:
    from rich.console import Console

    console = Console(width=100, record=True, file=None, quiet=True)
    console.print(found)
    assert "press.die" in found.text()
    assert str(found) == repr(found) == found.text()
    assert "Tous les modes" in found.text("fr")
    page = found._repr_html_()
    assert page.lstrip().startswith("<style>")
    assert "press.die" in page
    with pytest.raises(ValueError, match="lang must be 'en' or 'fr', not 'de'"):
        found.text("de")  # type: ignore[arg-type]


def test_the_report_names_its_files_with_their_hashes(found: twin.Calibration, folder: Path) -> None:
    found.save_report(folder / "r.html")
    text = (folder / "r.html").read_text()
    assert found.chain.reading.sha256 in text
    assert found.chain.log.files[0].sha256 in text
    with pytest.raises(ValueError, match="lang must be"):
        found.save_report(folder / "r.html", lang="de")  # type: ignore[arg-type]


def test_outputs_that_cannot_be(found: twin.Calibration, folder: Path) -> None:
    for path, text in (
        ("reading.yaml", "this is a reading file; name another file"),
        ("x.yml", "must end in .yaml"),
        ("none/x.yaml", "there is no directory"),
    ):
        with pytest.raises(api.OutputError, match=text):
            found.save(folder / path)
    with pytest.raises(api.OutputError, match=r"must end in \.html"):
        found.save_report(folder / "r.pdf")
    (folder / "cut.yaml").write_text("twin: 1\nflow: [a -> b")  # no YAML, so it may be anything
    assert found.check_outputs(folder / "cut.yaml")[1].name == "cut.draws.npz"
    with pytest.raises(OutputNameError, match=r"which .*reading.yaml reads; name another file"):
        found.check_outputs(report=_linked(folder / "stops.html", folder / "stops.csv"))
    assert (folder / "reading.yaml").read_text().startswith("# How to read")


def _linked(link: Path, target: Path) -> Path:
    link.symlink_to(target)
    return link


def test_names_are_checked_before_a_history_is_read(tmp_path: Path) -> None:
    check_names(tmp_path / "r.yaml")
    assert default_of("a/pump.line.yaml") == Path("a/pump.line.fitted.yaml")
    with pytest.raises(OutputNameError, match=r"x\.json: the name must end in \.yaml"):
        check_names(tmp_path / "r.yaml", tmp_path / "x.json")


def test_nothing_found_is_not_written(tmp_path: Path) -> None:
    path = press(tmp_path, weeks=2)
    text = path.read_text().replace("{mode: die}", "unknown")
    path.write_text("\n".join(line for line in text.splitlines() if "press.die" not in line and line != "modes:"))
    found = twin.fit(path)
    assert found.is_empty
    with pytest.raises(twin.PlantError, match="no law, time or share can be told from this history"):
        found.save()
    found.save_report(tmp_path / "r.html")
    assert "Nothing was found" in (tmp_path / "r.html").read_text()
    assert found._repr_html_()


def test_validate_gives_a_validation(found: twin.Calibration, folder: Path) -> None:
    found.save()
    answer = found.validate(layout(folder), replications=20, workers=1)
    assert [one.name for one in answer.verdicts] == ["press.down"]
    with pytest.raises(twin.PlantError, match="no such file"):
        found.validate(folder / "none.yaml")


@pytest.mark.parametrize("path", [None, 3, b"r.yaml"])
def test_what_is_no_path(path: object) -> None:
    with pytest.raises(TypeError, match=r"the name of a file such as 'calibration/pump_line\.yaml' is due"):
        twin.fit(path)  # type: ignore[arg-type]


def test_languages_of_files(found: twin.Calibration, folder: Path) -> None:
    found.save()
    (folder / "list.yaml").write_text("[1, 2]")
    (folder / "torn.yaml").write_text("twin: 1\nplant: [")
    (folder / "both.yaml").write_text("twin: 1\nplant: x\nhistory: y\n")
    names = ("reading.yaml", "reading.fitted.yaml", "list.yaml", "torn.yaml", "both.yaml", "none.yaml")
    assert [api.language(folder / name) for name in names] == ["reading", "fitted", None, None, None, None]
    assert api.language(layout(folder)) == "layout"


@pytest.mark.parametrize(
    "code",
    [
        "import twin",
        "import twin.api.history; from twin.cli import app; from typer.testing import CliRunner as C; "
        "assert C().invoke(app, ['--help']).exit_code == C().invoke(app, ['check', {path!r}]).exit_code == 0",
    ],
)
def test_imports_stay_light(code: str, found: twin.Calibration) -> None:
    probe = "; import sys; print([m for m in ('scipy', 'pandas', 'matplotlib') if m in sys.modules])"
    words = code.format(path=str(found.chain.reading.path))
    done = subprocess.run([sys.executable, "-c", words + probe], check=False, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_the_frame_has_one_row_a_law(found: twin.Calibration) -> None:
    frame = found.frame().set_index(["entry", "part"])
    assert list(frame.index) == [("press.die", "up"), ("press.die", "repair")]
    up, mode = frame.loc[("press.die", "up")], found.findings.modes[0]
    assert (up["mean"], up.low, up.high) == (mode.up.mean, *mode.up.interval90)
    assert (up.unit, up.seen, up.exposure) == ("s", mode.evidence.up.failures, mode.evidence.up.exposure)
    assert not up.borrowed
    assert found.table_rows()[1].part == "repair"


def test_the_plots_are_figures(found: twin.Calibration) -> None:
    from matplotlib.figure import Figure

    assert isinstance(found.plot.mode("press.die", lang="fr"), Figure)
    (means,) = found.plot.modes()
    assert isinstance(means, Figure)
    assert found.plot.times() == []
    with pytest.raises(KeyError, match=r"no mode 'pres.die'; did you mean 'press.die'\?"):
        found.plot.mode("pres.die")


def test_the_document_names_the_rows_of_each_rule(found: twin.Calibration) -> None:
    assert found.document()["touched"] == [one.document() for one in found.touched]
