"""Tests of a hardware description: its figures and where they come from, its cores, its cycles and energies."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from numpy.typing import NDArray

from spikecast.accelerator import (
    BalancedCores,
    Hardware,
    Trace,
    allocate,
    energy_of,
    load_hardware,
    most_spikes,
    planned_allocation,
    shipped_hardware,
    time_trace,
)
from spikecast.architecture import LayerShape, layer_shapes
from spikecast.datasets import POLARITIES
from spikecast.errors import InputError

#: What is no figure, and so needs no provenance.
_WORDS = {"name", "description", "provenance"}
#: No limit on a single example, since the first compiles; several classes inherit a test; no search for explanations.
_SETTINGS = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.differing_executors],
)


class HardwareSuite:
    """What every hardware description must do.

    ```python
    class TestTinyCore(HardwareSuite):
        path = Path("tiny-core.yaml")
    ```

    Attributes:
        path: the description's YAML file, named after the hardware.
        architecture: a network that it can run.
        input_size: side of that network's input in pixels.
        shortest_source: characters below which a provenance says nothing.
    """

    path: ClassVar[Path]
    architecture: ClassVar[str] = "csnn-s"
    input_size: ClassVar[int] = 32
    shortest_source: ClassVar[int] = 10

    @property
    def hardware(self) -> Hardware:
        """The description; a test that needs it is skipped where ``test_it_is_valid`` fails."""
        try:
            return load_hardware(self.path)
        except InputError as error:
            pytest.skip(f"not valid: {error}")

    @property
    def shapes(self) -> tuple[LayerShape, ...]:
        """Layers of the network."""
        return layer_shapes(self.architecture, POLARITIES, self.input_size)

    def test_it_is_valid(self) -> None:
        """It is read, and its name is that of its file."""
        assert load_hardware(self.path).name == self.path.stem

    def test_it_is_named_once(self) -> None:
        """No other description that ships has its name, and none but itself its file's."""
        others = [load_hardware(name) for name in shipped_hardware() if name != self.path.stem]
        assert self.hardware.name not in {other.name for other in others}
        assert self.hardware.description not in {other.description for other in others}

    def test_every_figure_says_where_it_comes_from(self) -> None:
        """In words, by the figure's name or by that of its group; and there is a figure to each of them."""
        written: dict[str, Any] = yaml.safe_load(self.path.read_text(encoding="utf-8"))
        sources = {str(name): str(source) for name, source in written.get("provenance", {}).items()}
        figures = set()
        for name, value in written.items():
            if name not in _WORDS:
                figures |= {f"{name}.{part}" for part in value} if isinstance(value, dict) else {name}
        missing = {name for name in figures if not {name, name.partition(".")[0]} & sources.keys()}
        assert not missing, f"where do these figures come from: {', '.join(sorted(missing))}"
        short = {name: source for name, source in sources.items() if len(source) <= self.shortest_source}
        assert not short, "say where these figures come from, in some words"
        assert not sources.keys() - figures - {name.partition(".")[0] for name in figures}

    def test_it_survives_json(self) -> None:
        """Rows keep descriptions so."""
        assert Hardware.model_validate_json(self.hardware.model_dump_json()) == self.hardware
        assert Hardware(**self.hardware.model_dump()) == self.hardware

    def test_every_layer_has_its_cores(self) -> None:
        """At least one for each layer; known before there is a trace, unless spikes decide."""
        allocation = allocate(self._trace(0.1, seed=0), self.hardware)
        assert len(allocation) == len(self.shapes)
        assert min(allocation) >= 1
        assert planned_allocation(self.shapes, self.hardware) in (None, allocation)

    @_SETTINGS
    @given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.5), st.floats(0.0, 0.5))
    def test_more_spikes_are_never_faster(self, seed: int, density: float, more: float) -> None:
        """With the same cores, a trace that holds another takes at least its cycles."""
        few = self._trace(density, seed)
        extra = self._trace(more, seed + 1)
        limits = [most_spikes(shape) for shape in self.shapes]
        both = [np.minimum(a + b, most) for a, b, most in zip(few.counts, extra.counts, limits, strict=True)]
        hardware = self._with_cores_for(few)
        assert (time_trace(Trace(self.shapes, tuple(both)), hardware).cycles >= time_trace(few, hardware).cycles).all()

    def test_silence_is_the_floor(self) -> None:
        """Without spikes there are cycles all the same, and never more than with some; each sample takes as many."""
        busy = self._trace(0.2, seed=0)
        hardware = self._with_cores_for(busy)
        silent = time_trace(self._trace(0.0, seed=0), hardware).cycles
        assert silent.min() == silent.max() > 0
        assert (time_trace(busy, hardware).cycles > silent).all()

    @_SETTINGS
    @given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.5))
    def test_energies_are_possible(self, seed: int, density: float) -> None:
        """No part is negative, and spikes cost something; all are unknown without an energy table."""
        trace = self._trace(density, seed)
        hardware = self._with_cores_for(trace)
        energy = energy_of(trace, time_trace(trace, hardware), hardware)
        if hardware.energy is None:
            assert np.isnan(energy.total_nj).all()
            return
        assert all((part >= 0).all() and np.isfinite(part).all() for part in energy.parts_nj.values())
        silence = self._trace(0.0, seed)
        silent = energy_of(silence, time_trace(silence, hardware), hardware)
        assert (energy.total_nj >= silent.total_nj).all()

    def test_times_are_cycles_over_the_clock(self) -> None:
        """``microseconds`` of a second's cycles are a million."""
        assert self.hardware.microseconds(self.hardware.clock_mhz * 1e6) == pytest.approx(1e6)

    def _trace(self, density: float, seed: int) -> Trace:
        """Two samples and two timesteps, as if every position fired with the same probability."""
        random = np.random.default_rng(seed)
        counts: list[NDArray[np.int64]] = [
            random.binomial(shape.frame, density, (2, 2, shape.trace_channels)).astype(np.int64)
            for shape in self.shapes
        ]
        return Trace(self.shapes, tuple(counts))

    def _with_cores_for(self, trace: Trace) -> Hardware:
        """The hardware with the cores that a trace gives each layer, where they hang on the trace."""
        if not isinstance(self.hardware.cores, BalancedCores):
            return self.hardware
        return self.hardware.model_copy(update={"cores": allocate(trace, self.hardware)})
