"""What a study file asks: levers, scenarios, run, money and the decision rule, checked and compiled."""

from twin.study.asked.case import Case, DrawnEffect
from twin.study.asked.reading import read_study
from twin.study.asked.scenario import Scenario
from twin.study.asked.spec import study_schema
from twin.study.asked.study import Shown, Study

__all__ = ["Case", "DrawnEffect", "Scenario", "Shown", "Study", "read_study", "study_schema"]
