"""Random plants with constant times and small whole numbers, so that simultaneous events are everywhere."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import yaml

Spec = dict[str, Any]
RULES = ("fifo", "lifo", "spt", "lpt", "mwkr", "lwkr", "mopnr", "edd", "cr", "priority")
CLOCKS = ("working", "shift", "calendar", "cycles")
WAYS = ("first_free", "shortest_queue", "round_robin", "shares", "by_product")


def written(layout: Spec) -> str:
    """A layout as YAML (libyaml's writer is ten times faster than Python's)."""
    text: str = yaml.dump(layout, Dumper=yaml.CSafeDumper, sort_keys=False)
    return text


def read(text: str) -> Spec:
    """A layout from its YAML."""
    layout: Spec = yaml.load(text, Loader=yaml.CSafeLoader)
    return layout


def spec(seed: int) -> Spec:
    """A random plant, made anew for each caller; the same for the same seed. From 1000 on with the rarer mechanisms.

    From 2000 on also with suppliers that fail, dwells and lots.
    """
    from .rich import Rich
    from .supplied import Supplied

    builder = Supplied if seed >= 2000 else Rich if seed >= 1000 else Builder
    return builder(Random(seed)).layout()


@cache
def plant(seed: int) -> str:
    """The text of a random plant."""
    return written(spec(seed))


class Builder:
    """Builds one plant."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.products = [] if self.odds(0.5) else ["A", "B", "C"][: rng.randint(2, 3)]
        self.shop = bool(self.products) and self.odds(0.35)
        self.skills = ["s1", "s2", "s3"][: rng.randint(1, 3)] if self.odds(0.5) else []
        self.calendars = ["day", "pause"][: rng.randint(1, 2)] if self.odds(0.45) else []
        self.hasty = self.odds(0.15)
        self.stations: dict[str, Spec] = {}
        self.buffers: dict[str, Spec] = {}
        self.sources: dict[str, Spec] = {}
        self.sinks: dict[str, Spec] = {}
        self.arrows: dict[str, list[str]] = {}
        self.origin: dict[str, str] = {}
        self.groups: dict[str, Spec] = {}
        self.most = 1
        """People of the largest task."""

    def odds(self, chance: float) -> bool:
        return self.rng.random() < chance

    def whole(self, least: int, most: int) -> int:
        return self.rng.randint(least, most)

    def time(self, least: int = 1, most: int = 4) -> str:
        return f"{self.whole(least, most)} s"

    def some(self, among: list[str]) -> list[str]:
        """A few of them, at least one."""
        return sorted(self.rng.sample(among, self.whole(1, len(among))), key=among.index)

    # -- the plant

    def layout(self) -> Spec:
        """The plant, its elements in an order that is not that of the flow."""
        self._shop() if self.shop else self._flow()
        self.finish()
        self.groups = self._operators()
        sections: dict[str, Any] = {
            "sources": self.sources,
            "stations": self.stations,
            "buffers": self.buffers,
            "sinks": self.sinks,
            "operators": self.groups,
            "calendars": {name: self._calendar() for name in self.calendars},
        }
        head: Spec = {"twin": 1, "plant": "random"}
        if self.arrows:
            head["flow"] = [f"{a} -> {b}" for a, follow in self.arrows.items() for b in follow]
        if self.products:
            head["products"] = {name: self._product(name) for name in self.products}
            self._drop_unused(head["products"])
        for section in self.rng.sample(list(sections), len(sections)):
            found = sections[section]
            if found:
                head[section] = {name: found[name] for name in self.rng.sample(list(found), len(found))}
        head["run"] = self._run()
        return head

    def finish(self) -> None:
        """What is laid over the stations once all are there."""
        self._rework()

    def _run(self) -> Spec:
        run: Spec = {"horizon": self.time(40, 160), "seed": self.whole(0, 9), "replications": 5}
        if self.odds(0.4):
            run["warm_up"] = self.time(1, 30)
        return run

    def _product(self, name: str) -> Spec:
        product: Spec = {}
        if self.odds(0.4):
            product["due"] = self.time(3, 20)
        if self.odds(0.4):
            product["priority"] = self.whole(-1, 2)
        if self.shop:
            product["route"] = [self._step() for _ in range(self.whole(1, 4))]
            product["from"] = self.origin[name]
            product["to"] = self.rng.choice(list(self.sinks))
        return product

    def _drop_unused(self, products: dict[str, Spec]) -> None:
        """Stations of a job shop that no route comes by have nothing to do there; others may hold a part."""
        for name, station in list(self.stations.items()) if self.shop else ():
            here = [p for p, product in products.items() if name in str(product["route"])]
            if not here and "cycle" not in station:
                del self.stations[name]
            elif here and self.odds(0.2):
                station["holds"] = {self.rng.choice(here): 1}
        for group in self.groups.values():
            if "tour" in group:
                group["tour"] = [name for name in group["tour"] if name in self.stations] or list(self.stations)[:1]

    def _step(self) -> Spec:
        names = list(self.stations)
        if len(names) > 1 and self.odds(0.35):
            return {"any": self.rng.sample(names, self.whole(2, len(names))), "time": self.time()}
        return {self.rng.choice(names): self.time()}

    def _shop(self) -> None:
        for i in range(self.whole(2, 4)):
            self.stations[f"m{i}"] = self._station(queue=True, cycle=False)
        doors = self.whole(1, 2)
        self.origin = {product: f"in{i % doors}" for i, product in enumerate(self.products)}
        for door in dict.fromkeys(self.origin.values()):
            self.sources[door] = self._source([p for p in self.products if self.origin[p] == door])
        self.sinks = {"out0": {}, "out1": {}}

    # -- the flow

    def _flow(self) -> None:
        givers: list[str] = []
        for i in range(self.whole(1, 3)):
            givers.append(f"in{i}")
            self.sources[f"in{i}"] = self._source(self.products)
        for stage in range(self.whole(1, 4)):
            givers = self._stage(stage, givers)
        sinks = [f"out{i}" for i in range(self.whole(1, 2))]
        self.sinks = {name: {"good": False} if self.odds(0.2) else {} for name in sinks}
        self._connect(givers, sinks)

    def _stage(self, stage: int, givers: list[str]) -> list[str]:
        names = [f"s{stage}{letter}" for letter in "abc"[: self.whole(1, 3)]]
        style = self.rng.choice(("direct", "queue", "buffer", "rack", "mixed"))
        for name in names:
            queue = style == "queue" or (style == "mixed" and self.odds(0.5))
            self.stations[name] = self._station(queue, cycle=True)
        entries = names
        if style == "buffer":
            entries = [f"b{name}" for name in names]
            for entry, name in zip(entries, names, strict=True):
                self._rack(entry, [name])
        elif style == "rack":
            entries = [f"b{stage}", f"c{stage}"][: self.whole(1, 2)]
            for entry in entries:
                self._rack(entry, self.some(names))
            for name in names:
                if not any(name in self.arrows[entry] for entry in entries):
                    self.arrows[entries[0]].append(name)
        self._connect(givers, entries)
        self._bound(givers, entries)
        self._prefer(names)
        return names

    def _rack(self, name: str, takers: list[str]) -> None:
        self.buffers[name] = {"capacity": "unlimited" if self.odds(0.25) else self.whole(1, 4), "rule": self._rule()}
        self.arrows[name] = takers
        if self.odds(0.2):
            self.buffers[name]["holds"] = {self.rng.choice(self.products): 1} if self.products else 1

    def _bound(self, givers: list[str], entries: list[str]) -> None:
        """A source that is never short must not fill a place for ever."""
        endless = [giver for giver in givers if "arrivals" in self.sources.get(giver, {})]
        for entry in entries:
            place = self.buffers.get(entry) or self.stations[entry].get("queue")
            if place is not None and any(entry in self.arrows[giver] for giver in endless):
                place["capacity"] = self.whole(1, 4)

    def _rule(self) -> str:
        return self.rng.choice(RULES) if self.odds(0.6) else "fifo"

    def _connect(self, givers: list[str], entries: list[str]) -> None:
        for giver in givers:
            self.arrows[giver] = self.some(entries)
        for entry in entries:
            if not any(entry in self.arrows[giver] for giver in givers):
                self.arrows[self.rng.choice(givers)].append(entry)
        for giver in givers:
            if len(self.arrows[giver]) > 1:
                element = self.sources.get(giver, self.stations.get(giver))
                assert element is not None
                element["send"] = self._send(self.arrows[giver], "arrivals" in element)

    def _send(self, ways: list[str], endless: bool) -> Any:
        way = "first_free" if endless else self.rng.choice(WAYS)
        if way == "shares":
            first = self.rng.choice((20, 50))
            rest = [100 - first] if len(ways) == 2 else [30, 70 - first]
            return {name: f"{share} %" for name, share in zip(ways, [first, *rest], strict=True)}
        if way == "by_product":
            ways_by_product = {product: self.rng.choice(ways) for product in self.products}
            return {"by_product": ways_by_product} if self.products else "round_robin"
        return way

    def _prefer(self, names: list[str]) -> None:
        for name in [*names, *self.buffers]:
            givers = [giver for giver, follow in self.arrows.items() if name in follow]
            element = self.stations.get(name, self.buffers.get(name))
            if len(givers) > 1 and self.odds(0.25) and element is not None:
                element["prefer"] = self.rng.sample(givers, self.whole(1, len(givers)))

    # -- elements

    def _source(self, products: list[str]) -> Spec:
        source = self._supply(products)
        if products and "orders" not in source:
            if self.odds(0.5):
                source["sequence"] = [self.rng.choice(products) for _ in range(self.whole(1, 4))]
            else:
                shares = ((100,), (60, 40), (50, 20, 30))[len(products) - 1]
                source["products"] = {p: f"{share} %" for p, share in zip(products, shares, strict=True)}
        if "orders" not in source and self.odds(0.2):
            source["limit"] = self.whole(1, 30)
        return source

    def _supply(self, products: list[str]) -> Spec:
        kind = self.rng.choice(("every" if self.shop else "saturated", "every", "every", "orders"))
        if kind == "saturated":
            return {"arrivals": "saturated"}
        if kind == "orders":
            return {"orders": [self._order(products) for _ in range(self.whole(1, 12))]}
        source: Spec = {"every": self.time(1, 5)}
        if self.odds(0.3):
            source["first"] = self.time(0, 5)
        if self.odds(0.4):
            source["lot"] = self.whole(2, 4)
        if self.odds(0.4):
            source["yard"] = self.whole(1, 4)
        if self.odds(0.3):
            source["balk"] = True
        return source

    def _order(self, products: list[str]) -> Spec:
        order: Spec = {"at": self.time(0, 40), "quantity": self.whole(1, 3)}
        if products:
            order["product"] = self.rng.choice(products)
        if self.odds(0.4):
            order["due"] = self.time(0, 60)
        if self.odds(0.3):
            order["priority"] = self.whole(0, 3)
        return order

    def _station(self, queue: bool, cycle: bool) -> Spec:
        station: Spec = {"machines": self.whole(1, 3)} if self.odds(0.45) else {}
        if cycle:
            station["cycle"] = self._cycle()
        if queue:
            own: Spec = {"rule": self._rule()}
            if self.odds(0.5):
                own["capacity"] = self.whole(1, 4)
            station["queue"] = own
        for handling in ("load", "unload"):
            if self.odds(0.15):
                station[handling] = {"time": self.time(0, 2)}
                if self.skills and self.odds(0.6):
                    station[handling]["by"] = self.by()
        if self.skills and self.odds(0.5):
            station["by"] = self.by()
        if self.odds(0.4):
            station["breakdowns"] = {f"f{i}": self._breakdown() for i in range(self.whole(1, 2))}
        self._hours(station)
        if self.odds(0.15):
            station["hand_over"] = True
        if self.odds(0.3):
            station["priority"] = self.whole(-1, 2)
        if self.odds(0.4):
            station["at"] = [self.whole(0, 6), self.whole(0, 6)]
        if self.odds(0.25):
            station["quality"] = self._quality()
        if not self.shop and self.odds(0.1):
            station["holds"] = {self.rng.choice(self.products): 1} if self.products else 1
        return station

    def _cycle(self) -> Any:
        if self.products and self.odds(0.4):
            return {product: self.time() for product in self.products}
        endless = any("arrivals" in source for source in self.sources.values())
        return self.time(0, 2) if self.hasty and not endless else self.time()

    def _hours(self, station: Spec) -> None:
        if self.calendars and self.odds(0.6):
            station["calendar"] = self.rng.choice(self.calendars)
            if self.odds(0.5):
                station["at_end"] = self.rng.choice(("stop", "finish"))
            if self.odds(0.3):
                station["last_start"] = self.time(1, 4)

    def _breakdown(self) -> Spec:
        clock = self.rng.choice(CLOCKS)
        law = {"constant": f"{self.whole(1, 6)} cycles" if clock == "cycles" else self.time(3, 20)}
        mode: Spec = {"clock": clock, "mtbf": law, "mttr": {"constant": self.time(1, 6)}}
        mode["part"] = self.rng.choice(("resume", "restart", "scrap"))
        if self.skills and self.odds(0.5):
            mode["by"] = self.by()
        if self.odds(0.3):
            mode["micro_stop"] = True
        if clock != "cycles" and self.odds(0.2):
            mode["first"] = self.rng.choice(("running", {"constant": self.time(1, 5)}))
        return mode

    def by(self) -> Any:
        """The people of a task; the first group is made large enough for it."""
        if self.odds(0.6):
            return self.rng.choice(self.skills)
        needs = {skill: self.whole(1, 2) for skill in self.some(self.skills)}
        self.most = max(self.most, sum(needs.values()))
        return needs

    def _quality(self) -> Spec:
        quality: Spec = {"scrap": f"{self.whole(0, 20)} %"}
        if self.odds(0.4):
            quality["repeat"] = f"{self.whole(1, 20)} %"
        return quality

    def _rework(self) -> None:
        queued = [name for name, station in self.stations.items() if "queue" in station]
        for station in self.stations.values():
            if queued and "quality" in station and self.odds(0.7):
                rework: Spec = {"share": f"{self.whole(5, 30)} %", "to": self.rng.choice(queued)}
                self.stations[rework["to"]].setdefault("cycle", self.time())
                if self.odds(0.5):
                    rework["at_most"] = self.whole(1, 2)
                station["quality"]["rework"] = rework

    def _operators(self) -> dict[str, Spec]:
        if not self.skills:
            return {}
        groups = {f"g{i}": self._group() for i in range(self.whole(1, 3))}
        groups["g0"]["skills"] = list(self.skills)
        groups["g0"]["count"] = max(self.most, self.whole(4, 6) if self.odds(0.3) else self.whole(2, 3))
        groups["g0"].pop("tour", None)
        return groups

    def _group(self) -> Spec:
        group: Spec = {"count": self.whole(1, 3), "skills": self.some(self.skills)}
        if self.odds(0.3):
            group["preempt"] = True
        if self.odds(0.3):
            group["walking"] = "1 m/s"
        if self.calendars and self.odds(0.5):
            group["calendar"] = self.rng.choice(self.calendars)
        if self.odds(0.5):
            group["at_end"] = self.rng.choice(("stop", "finish"))
        if "preempt" not in group and self.odds(0.25):
            group["tour"] = self.rng.sample(list(self.stations), self.whole(1, len(self.stations)))
        return group

    def _calendar(self) -> Spec:
        length = self.whole(8, 24)
        begin = self.whole(0, 4)
        end = self.whole(begin + 4, length)
        calendar: Spec = {"cycle": f"{length} s", "open": [f"{begin} s-{end} s"]}
        if self.odds(0.5) and end - begin > 3:
            at = self.whole(begin + 1, end - 2)
            calendar["breaks"] = [f"{at} s-{at + self.whole(1, 2)} s"]
        return calendar
