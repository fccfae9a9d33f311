"""Measured values of one patient over time: slow courses between visits, quick ones in a stay; never two answers."""

from __future__ import annotations

from random import Random

from sample import seeds
from sample.people import Patient


class Values:
    """Answers by quantity, visit and phase (0 = start of the visit, 1 = its end)."""

    def __init__(self, patient: Patient, seed: int) -> None:
        self._patient = patient
        self._rng = Random(f"{seed}/values/{patient.index}")
        self._known: dict[tuple[str, int, float], float] = {}
        self._ends: dict[str, tuple[float, float]] = {}
        self._last_month = max(v.month for v in patient.story.visits)
        self._slow: dict[str, tuple[float, float, float, float]] = {}
        self._healthy = seeds.child_ranges() if patient.is_child else {}
        for name in patient.story.blocks:
            self._slow.update(seeds.blocks()[name].vars)

    def number(self, name: str, visit: int, phase: float) -> float:
        """The value, not rounded."""
        at = (name, visit, phase)
        if at not in self._known:
            self._known[at] = self._fresh(name, visit, phase)
        return self._known[at]

    def text(self, name: str, visit: int, phase: float) -> str:
        """The value as it is printed."""
        digits = seeds.quantities()[name].digits
        return f"{self.number(name, visit, phase):.{digits}f}"

    def egfr(self, visit: int, phase: float) -> float:
        """CKD-EPI 2009 from the creatinine as printed, in mL/(min·1.73 m²)."""
        scr = float(self.text("cr", visit, phase)) / 88.4
        kappa, alpha = (0.9, -0.411) if self._patient.male else (0.7, -0.329)
        age = self._patient.age(self._patient.first_day) + self._patient.story.visits[visit].month / 12
        egfr: float = 141 * min(scr / kappa, 1) ** alpha * max(scr / kappa, 1) ** -1.209 * 0.993**age
        return egfr if self._patient.male else egfr * 1.018

    def _fresh(self, name: str, visit: int, phase: float) -> float:
        stay = self._patient.story.visits[visit]
        for block in stay.blocks:
            acute = seeds.blocks()[block].acute.get(name)
            if acute:
                low, high = self._between(f"{name}/{block}/{visit}", acute)
                return low + (high - low) * phase
        slow = self._slow.get(name)
        if slow:
            start, end = self._between(name, slow)
            t = stay.month / self._last_month if self._last_month else 0.5
            return (start + (end - start) * t) * (1 + self._rng.uniform(-0.012, 0.012))
        low, high = self._healthy.get(name) or seeds.quantities()[name].base
        start, _ = self._between(name, (low, high, low, high))
        return min(max(start * (1 + self._rng.uniform(-0.015, 0.015)), low), high)

    def _between(self, key: str, ends: tuple[float, float, float, float]) -> tuple[float, float]:
        if key not in self._ends:
            self._ends[key] = (self._rng.uniform(ends[0], ends[1]), self._rng.uniform(ends[2], ends[3]))
        return self._ends[key]
