"""Machines that work on loads: several parts at once, which leave one by one."""

from __future__ import annotations

from twin.core.plan import Micro
from twin.core.run import Steps
from twin.core.running.part import Load, Part
from twin.element.machines.machine import Machine
from twin.element.machines.standby import StandbyMachine


class LoadMachine(Machine):
    """A machine that works on a load and is blocked until its last part has left.

    While the load is worked on it is ``part``; as it leaves, ``part`` is one of it and the others are ``behind``.
    """

    __slots__ = ()
    SINGLY = True

    def standing(self) -> list[Part]:
        """The parts in work, or that have not left yet."""
        part = self.part
        if isinstance(part, Load):
            return part.parts
        return self.behind if part is None else [part, *self.behind]

    def job(self, part: Part, work: Micro, handling: Micro | None) -> Steps:
        """A load step by step, then its parts one by one; gives where the last one goes, None when it is scrapped."""
        target = yield from super().job(part, work, handling)
        assert isinstance(part, Load)
        return None if target is None else (yield from self._send_on(part.parts))

    def _send_on(self, parts: list[Part]) -> Steps:
        station, target = self.station, None
        for i, part in enumerate(parts):
            self.part, self.behind = part, parts[i + 1 :]
            target = station.out
            if station.judged:
                target = yield from self._judged(part, None, station.judge(self, part))
            if target is not None and self.behind:
                yield from self.leave(target)
        return target

    def _cycle_done(self, part: Part) -> None:
        assert isinstance(part, Load)
        self.cycles += 1
        for one in part.parts:
            self.done[one.product] += 1
        self.made = True

    def _destroy(self) -> None:
        """A stop destroys the load in work."""
        load = self.part
        for part in self.standing():
            self.destroyed[part.product] += not self.made
            self.scrap(part)
        assert load is None or self.part is None


class StandbyLoadMachine(LoadMachine, StandbyMachine):
    """The same, where the machine switches off after a time."""
