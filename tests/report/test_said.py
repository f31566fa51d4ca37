"""Sentences as data: said in both languages, the same after a store and a JSON file; French reports are French."""

from __future__ import annotations

import ast
import json
import pickle
import shutil
import string
from pathlib import Path

import pytest

import twin
from tests.french import english, names_in, names_of, seen
from tests.report.runs import NAMES, ran
from twin.api.study import load_study
from twin.calibrate.note import NOTES
from twin.core.said import Listed, Names, Said, both, lasting, packed, unpacked
from twin.core.standstill.warned import WARNED
from twin.core.standstill.warned import said as warned
from twin.report import worded
from twin.report.labels import kpi_word
from twin.report.said import localised, spoken, templates
from twin.report.study import page, search
from twin.report.words import PHRASES, typeset
from twin.study.asked.metric import FINANCIAL
from twin.study.judged.assumed import cash_name
from twin.study.said import SAID, assumption_said, clause_said, fitted_said, kind_said, metric_said, rate_said, said

ROOT = Path(__file__).resolve().parents[2]
EXPERIMENTS = [
    ("buffer_allocation", "16 h, warm_up: 2 h", "8 h, warm_up: 2 h", 8),
    ("packaging_automation", "7 d, warm_up: 8 h", "3 h, warm_up: 1 h", 30),
    ("pump_line_2027", "7 d\n  warm_up: 8 h", "8 h\n  warm_up: 1 h", 2),
]
"""Study, its horizon, a shorter one, replications; from 30 on something is said of inputs."""
NPV, LEAD = metric_said("npv.mean", "npv", "mean"), metric_said("lead_time.p95", "kpis.lead_time_p95_s", "mean")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_sentence_is_there_in_both_languages_with_the_same_blanks() -> None:
    assert len(templates("en")) == len(NOTES) + len(SAID) + len(WARNED), "no key twice"
    assert set(templates("en")) == set(templates("fr"))
    for key, text in templates("en").items():
        assert blanks(text) == blanks(templates("fr")[key]), key


@pytest.mark.parametrize(("table", "folder"), [(SAID, "study"), (WARNED, "core/standstill"), (WARNED, "engine")])
def test_only_known_sentences_are_said(table: dict[str, str], folder: str) -> None:
    files = (Path(twin.__file__).parent / folder).rglob("*.py")
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    said_ = [one.args[0] for one in calls if isinstance(one.func, ast.Name) and one.func.id == "said" and one.args]
    keys = [one.value for arg in said_ for one in ast.walk(arg) if isinstance(one, ast.Constant)]
    assert [key for key in keys if isinstance(key, str) and key not in table] == []


def test_every_known_sentence_is_said_somewhere() -> None:
    folder = Path(twin.__file__).parent
    places = [*(folder / "study").rglob("*.py"), *(folder / "core" / "standstill").glob("*.py"),
              *(folder / "engine").glob("*.py")]  # fmt: skip
    text = " ".join(one.read_text(encoding="utf-8") for one in places if one.name not in ("said.py", "warned.py"))
    assert [key for key in (*SAID, *WARNED) if f'"{key.removesuffix("_one")}"' not in text] == []


@pytest.mark.parametrize(
    ("sentence", "text", "shown", "french"),
    [
        (
            said("fulfils_most", chosen="both", most=said("largest", metric=NPV)),
            "both fulfils all conditions and has the largest npv.mean",
            "both fulfils all conditions and has the largest mean NPV",
            "both remplit toutes les conditions et arrive en tête avec la plus grande VAN moyenne",
        ),
        (
            said("largest", metric=metric_said("irr.median", "irr", "median")),
            "the largest irr.median", "the largest median IRR", "le plus grand TRI médian",
        ),
        (
            said("smallest", metric=LEAD),
            "the smallest lead_time.p95", "the smallest lead time P95",
            "la valeur la plus basse pour « délai de traversée P95 »",
        ),
        (
            said("not_known_more", metric=metric_said("mill.oee", "elements.mill.kpis.oee", "mean"), more=1200),
            "mill.oee is not yet known as asked; about 1,200 more would do",
            "OEE of mill is not yet known as asked; about 1,200 more would do",
            "« OEE (ISO 22400) de mill » n'est pas encore connu avec la précision demandée ; il faudrait "
            "environ 1\u202f200 de plus",
        ),
        (
            said("known", metric=metric_said("mill.blocked.difference", "elements.mill.states.blocked", "difference"),
                 n=1),
            "mill.blocked.difference is known as asked after 1 replication",
            "mill: blocked (share of time) (difference) is known as asked after 1 replication",
            "« mill : saturé en aval (part du temps) (écart) » est connu avec la précision demandée après "
            "1 réplication",
        ),
        (
            said("rates_mirr", name="robot", n=2, rates=Listed([rate_said("8.05 %", 0.0805), rate_said("400 %", 4.0)]),
                 where=Listed([said("below", rate=rate_said("8.05 %", 0.0805))]), mirr=rate_said("7.5 %", 0.075)),
            "the flows of robot have 2 rates of return, 8.05 % and 400 %; NPV is above 0 below 8.05 %, and the MIRR, "
            "which is one rate, is 7.5 %",
            "the flows of robot have 2 rates of return, 8.05 % and 400 %; NPV is above 0 below 8.05 %, and the MIRR, "
            "which is one rate, is 7.50 %",
            "les flux de robot ont 2 taux de rentabilité, 8,05 % et 400 % ; la VAN est positive en dessous de 8,05 %, "
            "et le TRIM, qui est unique, vaut 7,50 %",
        ),
        (
            said("warm_up", time=lasting("1.5 d", 129600.0), series=said("wip_of", name="lean"), n=10),
            "warm-up 1.5 d: WIP of lean needs it longest (MSER-5 on 10 pilots)",
            "warm-up 36 h: WIP of lean needs it longest (MSER-5 on 10 pilots)",
            "mise en régime de 36 h : c'est l'en-cours de lean qui demande le plus long (MSER-5 sur 10 pilotes)",
        ),
        (
            said("warns", who=Names(["a", "b", "c", "d"]),
                 text=warned("still_one", names="mill", time=lasting("2 d", 172800.0), why=warned("no_people"))),
            "a, b, c and 1 more: nothing has gone on at mill since 2 d: it waits for people who never come",
            "a, b, c and 1 more: nothing has gone on at mill since 2 d: it waits for people who never come",
            "a, b, c et 1 de plus : plus rien n'avance à mill depuis 2 j : attente d'opérateurs qui ne viennent jamais",
        ),
        (cash_name("robot", None, "capex"), "robot: capex", "robot: investment", "robot : investissement"),
        (said("comes", name="robot: grant"), "robot: grant comes", "robot: grant comes", "robot: grant (obtention)"),
    ],
)  # fmt: skip
def test_sentences_in_both_languages(sentence: Said, text: str, shown: str, french: str) -> None:
    """As text for programs, in words in English and French; the same from a document and from a store."""
    again = json.loads(json.dumps(both(why=sentence)))
    assert sentence == again["why"] == text
    for one in (sentence, again["why_said"], unpacked(json.loads(json.dumps(packed(sentence)))),
                pickle.loads(pickle.dumps(sentence))):  # fmt: skip
        assert spoken(one, "en") == shown
        assert spoken(one, "fr") == typeset(french)
    assert both(why=unpacked(packed(sentence))) == both(why=sentence)


@pytest.mark.parametrize(
    ("written", "told", "shown", "french"),
    [
        ("npv.probability_positive >= 80 %", ("npv", "probability_positive", ">=", 0.8, "share"), "P(NPV > 0) ≥ 80 %",
         "P(VAN > 0) ≥ 80\u202f%"),
        ("payback.median <= 1 y", ("payback", "median", "<=", 1.0, "y"), "median payback ≤ 1 y",
         "délai de récupération médian ≤ 1 an"),
        ("npv.p05 > -12.5 kEUR", ("npv", "p05", ">", -12500.0, "EUR"), "NPV, 5 % are below > -12.5 kEUR",
         "VAN, 5\u202f% en dessous > -12,5 kEUR"),
        ("annuity.mean >= 3 kEUR/y", ("annuity", "mean", ">=", 3000.0, "EUR/y"),
         "mean equivalent annual value ≥ 3,000 EUR/y", "annuité équivalente moyenne ≥ 3\u202f000 EUR/an"),
        ("lead_time.p95.difference <= 2 h", ("kpis.lead_time_p95_s", "difference", "<=", 7200.0, "s"),
         "lead time P95 (difference) ≤ 2 h", "délai de traversée P95 (écart) ≤ 2 h"),
        ("mill.bottleneck < 0.5", ("bottleneck.mill", "mean", "<", 0.5, "share"),
         "mill as the bottleneck (share of time) < 50 %", "mill en goulot (part du temps) < 50\u202f%"),
        ("pump_a.parts.relative >= 5 %", ("products.pump_a.parts", "relative", ">=", 0.05, "share"),
         "good parts of pump_a (relative difference) ≥ 5 %", "pièces bonnes de pump_a (écart relatif) ≥ 5\u202f%"),
    ],
)  # fmt: skip
def test_conditions_in_words(written: str, told: tuple[str, str, str, float, str], shown: str, french: str) -> None:
    path, end, operator, value, unit = told
    one = clause_said(written, metric_said(written.partition(" ")[0], path, end), operator, value, unit)
    assert (spoken(one, "en"), spoken(one, "fr")) == (shown, french)
    assert one == written


def test_every_metric_of_the_money_has_words() -> None:
    for base, (ends, _) in FINANCIAL.items():
        for end in ends:
            assert "_" not in worded.metric(base, end, "en")
            assert base not in worded.metric(base, end, "fr")


def test_names_of_assumptions_and_inputs() -> None:
    keys = ("inflation.labour", "inflation.steel", "carbon_price 2030", "margin_per_part.pump_a", "demand ×", "x: y")
    assert [spoken(assumption_said(key), "fr") for key in keys] == [
        "inflation (salaires)", "inflation (steel)", "prix du carbone (2030)", "marge par pièce (pump_a)", "demande",
        "x: y",
    ]  # fmt: skip
    assert spoken(fitted_said("mill.chips repair", "mill.chips", "repair"), "fr") == typeset("mill.chips : réparation")
    assert spoken(fitted_said("mill.scrap", "mill.scrap", "share"), "fr") == "mill.scrap"
    assert [spoken(kind_said(kind), "fr") for kind in ("capex", "working capital", "odd")] == [
        "investissement", "variation du BFR", "odd",
    ]  # fmt: skip


def test_a_document_is_put_into_a_language_once() -> None:
    """Its sentences and the names of inputs; what nobody said stays, and identities do."""
    document = {
        **both(notes=["by hand", said("no_margin")], why=None), "answer": {"metric": "npv.mean"},
        "inputs_said": {"demand": {"key": "assumption", "values": {"assumption": "demand"}}},
        "rows": [{"variance": {"demand": {"value": 1.0}}, "tornado": [{"input": "demand"}, {"input": "rack: x"}]}],
    }  # fmt: skip
    found = localised(document, "fr")
    assert found == {
        "notes": ["by hand", typeset("sans « margin_per_part », les pièces en plus ne rapportent rien")], "why": None,
        "answer": {"metric": "npv.mean"},
        "rows": [{"variance": {"demande": {"value": 1.0}}, "tornado": [{"input": "demande"}, {"input": "rack: x"}]}],
    }  # fmt: skip
    assert localised(found, "fr") == found
    assert localised(found, "en") == found


def test_inputs_that_would_be_mixed_up_keep_their_names() -> None:
    same = {"key": "assumption", "values": {"assumption": "demand"}}
    document = {"inputs_said": {"a": same, "b": same}, "variance": {"a": 1, "b": 2}}
    assert localised(document, "fr") == {"variance": {"a": 1, "b": 2}}


def test_french_phrases_are_set_as_french_is() -> None:
    assert typeset("« a » : 5 % ; b ? c !") == "«\u202fa\u202f»\u202f: 5\u202f%\u202f; b\u202f? c\u202f!"
    assert [key for key, word in PHRASES.items() if " :" in word.fr or "« " in word.fr] == []


def shorter(name: str, folder: Path, *changes: tuple[str, str]) -> Path:
    """A shipped experiment beside its layouts, with shorter runs: its words are the same."""
    text = (ROOT / "experiments" / f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    for one in ("layouts", "calibration"):
        shutil.copytree(ROOT / one, folder / one)
    path = folder / "experiments" / f"{name}.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "horizon", "short", "replications"),
    [pytest.param(*one, id=one[0], marks=[pytest.mark.long] * (at > 0)) for at, one in enumerate(EXPERIMENTS)],
)
def test_the_report_of_a_study_in_french_is_french(
    name: str, horizon: str, short: str, replications: int, tmp_path: Path
) -> None:
    study = load_study(shorter(name, tmp_path, (f"horizon: {horizon}", f"horizon: {short}")))
    result = study.run(replications, workers=1)
    own = names_in(study)
    result.save_report(tmp_path / "page.html", lang="fr")
    pages = (page.html(result.document(), "fr"), (tmp_path / "page.html").read_text(encoding="utf-8"))
    for text in (result.text("fr"), *map(seen, pages)):
        assert english(text, own) == []
    assert english(result.text("en"), own) != []


@pytest.mark.long
def test_the_report_of_a_search_in_french_is_french(tmp_path: Path) -> None:
    few = ("replications: 2400", "replications: 200"), ("horizon: 16 h, warm_up: 2 h", "horizon: 3 h, warm_up: 1 h")
    study = load_study(shorter("buffer_allocation", tmp_path, *few))
    result = study.optimise(workers=1)
    for text in (result.text("fr"), seen(search.html(result.document(), "fr"))):
        assert english(text, names_in(study)) == []


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_the_table_of_a_run_in_french_is_french(name: str) -> None:
    result = ran(name)
    assert english(result.text("fr"), [*names_of(result.plan), result.file]) == []
    assert english(result.text("en"), names_of(result.plan)) != []


def test_one_word_for_one_thing_in_french() -> None:
    assert kpi_word("oee", "fr") != kpi_word("trs", "fr"), "two columns side by side need two heads"
    assert not [key for key, word in PHRASES.items() if "affam" in word.fr or "désamorc" in word.fr]
