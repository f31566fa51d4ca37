"""Power: what a machine or a group draws in each state, and when it switches off."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import Field

from twin.core.compiling.carrier import ELECTRICITY, Carrier
from twin.core.ledger import BLOCKED, BREAK, MICRO_STOP, OFF, REPAIR, STARVED, STATES, WAITING_REPAIR, WORKING
from twin.core.plan import NEVER, CarrierId, Micro, Plan, Watt, Watts, micro
from twin.core.problem import Fault, Faults, fault, nearest, quoted
from twin.core.refused import field_names, received
from twin.core.spec import Reader, Spec, build, inline_schema
from twin.core.unit import Quantity, show

DOWN = (REPAIR, WAITING_REPAIR, MICRO_STOP)
"""The states that 'down' names."""
NO_CARRIER = ""
"""The key of power that is written without a carrier: it is electricity."""
_STATES_DUE = "power by state such as {{working: 14 kW, idle: 4 kW}} is due, not {}"
Drawn = Annotated[float, Quantity("power")]


class SwitchOff(Spec):
    """A machine that waits too long draws less."""

    after: Annotated[float, Quantity("time")]
    """How long it is starved or blocked without interruption before it switches off."""
    power: Drawn
    """What it draws from then on, until the wait ends."""


class Power(Spec):
    """What one machine draws in each state."""

    working: Drawn | None = None
    """Load, cycle and unload."""
    idle: Drawn | None = None
    """In every state that is not named, 'off' apart."""
    down: Drawn | None = None
    """In repair, waiting_repair and micro_stop, where these are not named."""
    off: Drawn | None = None
    """Outside opening hours; without it nothing is drawn there."""
    break_: Drawn | None = Field(default=None, alias="break")
    """In breaks."""
    repair: Drawn | None = None
    """While it is repaired."""
    waiting_repair: Drawn | None = None
    """While it waits for people to repair it."""
    micro_stop: Drawn | None = None
    """In micro-stops."""
    maintenance: Drawn | None = None
    """In planned work on it."""
    setup: Drawn | None = None
    """In set-ups."""
    waiting_operator: Drawn | None = None
    """With a part, but without people."""
    blocked: Drawn | None = None
    """With a finished part that finds no room."""
    starved: Drawn | None = None
    """Without a part."""
    switch_off: SwitchOff | None = None
    """After how long without a part or room it draws less."""

    def watts(self) -> Watts:
        """What it draws, W, in order of ``STATES``."""
        return tuple(self._in(state) for state in range(len(STATES)))

    def _in(self, state: int) -> Watt:
        named = getattr(self, "break_" if state == BREAK else STATES[state])
        if named is None and state in DOWN:
            named = self.down
        if named is None and state != OFF:
            named = self.idle
        return float(named or 0.0)

    def is_open(self) -> bool:
        """Whether a wait draws nothing only because nobody said what it draws."""
        return self.idle is None and (self.blocked is None or self.starved is None)


class GroupPower(Spec):
    """What one of a group of robots, tools or other helpers draws."""

    working: Drawn | None = None
    """While it is held, walking included."""
    idle: Drawn | None = None
    """While it is free in its hours."""
    off: Drawn | None = None
    """Outside its hours and in breaks; without it nothing is drawn there."""
    switch_off: ClassVar[None] = None
    """Groups do not switch off."""

    def watts(self) -> Watts:
        """What it draws, W, in order of ``STATES``: held is working, free is starved."""
        idle, off = self.idle or 0.0, self.off or 0.0
        found = dict.fromkeys(range(len(STATES)), idle) | {OFF: off, BREAK: off}
        found[WORKING] = idle if self.working is None else self.working
        return tuple(found.values())

    def is_open(self) -> bool:
        """Whether the time it is free draws nothing only because nobody said what it draws."""
        return self.idle is None


class PowerRow(NamedTuple):
    """What one machine draws of one carrier."""

    carrier: CarrierId
    draws: Watts
    switched_off: tuple[Watt, Watt]
    """Blocked and starved, once it has switched off."""

    def told(self, plan: Plan) -> str:
        """The row in words, for the plan as text: what most states draw stands last, as 'otherwise'."""
        (usual, _), *_ = Counter(self.draws).most_common(1)
        named = [
            f"{', '.join(STATES[i] for i, one in enumerate(self.draws) if one == watts)} {show(watts, 'power')}"
            for watts in sorted(set(self.draws) - {usual}, reverse=True)
        ]
        said = "; ".join([*named, f"{'otherwise' if named else 'always'} {show(usual, 'power')}"])
        asleep = dict(zip(("blocked", "starved"), self.switched_off, strict=True))
        saved = {s: w for s, w in asleep.items() if w != self.draws[STATES.index(s)]}
        off = ", ".join(f"{state} {show(watts, 'power')}" for state, watts in saved.items())
        return f"{plan.energy[self.carrier].name}: {said}" + (f"; switched off: {off}" if off else "")


def read_power(value: object) -> dict[str, Power]:
    """Power by state: `{working: 14 kW, idle: 4 kW}`, or such a map by carrier."""
    return _by_carrier(value, Power)


def read_group_power(value: object) -> dict[str, GroupPower]:
    """Power of one: `{working: 3 kW, idle: 0.5 kW}`, or such a map by carrier."""
    return _by_carrier(value, GroupPower)


def _by_carrier(value: object, model: type[Any]) -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        raise fault(_STATES_DUE.format("an empty map" if value == {} else received(value)))
    carriers = [key for key, inner in value.items() if isinstance(inner, dict) and key != "switch_off"]
    if not carriers:
        return {NO_CARRIER: _states(value, model)}
    found, faults = dict[str, Any](), list[Fault]()
    for key, inner in value.items():
        try:
            if key not in carriers:
                raise _mixed(key, carriers[0], model)
            found[key] = _states(inner, model)
        except Faults as error:
            faults += [Fault((key, *one.loc), one.text, one.nearest) for one in error.faults]
    if faults:
        raise Faults(*faults)
    return found


def _mixed(key: str, carrier: str, model: type[Any]) -> Faults:
    """A state stands beside a carrier."""
    word = nearest(key, field_names(model)) or key
    return fault(f"{quoted(key)} stands beside a carrier; write it below one: {carrier}: {{{word}: …}}")


def _states(value: Any, model: type[Any]) -> Any:
    """The power by state of one carrier; what belongs to the carrier itself is sent to its place."""
    if not value:
        raise fault(_STATES_DUE.format("an empty map"))
    moved = [key for key in field_names(Carrier) if key in value]
    text = "{} belongs to the carrier; write it at the top: 'energy: {{electricity: {{{}: …}}}}'"
    faults = [Fault((key,), text.format(quoted(key), key)) for key in moved]
    try:
        found = build(model, {key: inner for key, inner in value.items() if key not in moved})
    except Faults as error:
        faults += error.faults
    if faults:
        raise Faults(*faults)
    return found


def _schema(model: type[Any]) -> dict[str, Any]:
    states = inline_schema(model)
    return {"anyOf": [states, {"type": "object", "additionalProperties": states}]}


MachinePower = Annotated[dict[str, Power], Reader(read_power, lambda: _schema(Power))]
HelperPower = Annotated[dict[str, GroupPower], Reader(read_group_power, lambda: _schema(GroupPower))]


def power_rows(names: Any, power: dict[str, Any] | None) -> tuple[PowerRow, ...]:
    """The power of an element in the plan, one row a carrier."""
    rows = []
    for word, one in (power or {}).items():
        if one.is_open():
            text = "'idle' is not named, so what waits draws nothing; write 'idle: 4 kW', or 'idle: 0 kW' if that is so"
            names.problem(("power",), text, warning=True)
        watts, off = one.watts(), one.switch_off
        switched = (off.power, off.power) if off else (watts[BLOCKED], watts[STARVED])
        rows.append(PowerRow(_carrier(names, word), watts, switched))
    return tuple(rows)


def switch_off(names: Any, power: dict[str, Power] | None) -> Micro:
    """After how long a wait the machine switches off, µs; never where it does not."""
    found = {word: one.switch_off.after for word, one in (power or {}).items() if one.switch_off}
    for word, after in found.items():
        if after != next(iter(found.values())):
            text = "a machine switches off once; write the same 'after' for all its carriers"
            names.problem(("power", word, "switch_off", "after"), text)
    return micro(next(iter(found.values()))) if found else NEVER


def _carrier(names: Any, word: str) -> CarrierId:
    """The index of a carrier; -1 after a problem."""
    layout, name = names.layout, word or ELECTRICITY
    known = list(layout.head.energy) or [ELECTRICITY]
    if name in known:
        return known.index(name)
    if "energy" in layout.gaps.keys:
        return -1
    if not word:
        text = f"power without a carrier is electricity, which 'energy' does not name; write {{{known[0]}: {{…}}}}"
        names.problem(("power",), text)
    elif layout.head.energy:
        names.problem(("power", word), f"unknown carrier {quoted(word)} in energy", nearest(word, known))
    else:
        text = f"unknown carrier {quoted(word)}; name it at the top: 'energy: {{{word}: {{price: 0.14 EUR/kWh}}}}'"
        names.problem(("power", word), text)
    return -1
