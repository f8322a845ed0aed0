from __future__ import annotations

import pytest

from spikecast.architecture import PRESETS, expand, layer_shapes
from spikecast.choices import TrainingChoices
from spikecast.errors import InputError


def test_shapes_of_csnn_s() -> None:
    conv1, conv2, fc1, fc2 = layer_shapes("csnn-s", 2, 32)
    assert [layer.name for layer in (conv1, conv2, fc1, fc2)] == ["conv1", "conv2", "fc1", "fc2"]
    assert (conv1.in_channels, conv1.frame, conv1.neurons, conv1.out_size) == (2, 1024, 16 * 1024, (16, 16))
    assert (conv2.in_channels, conv2.frame, conv2.neurons, conv2.out_size) == (16, 256, 32 * 256, (8, 8))
    assert (fc1.in_channels, fc1.frame, fc1.inputs, fc1.neurons) == (32, 64, 2048, 128)
    assert (fc2.in_channels, fc2.frame, fc2.inputs, fc2.neurons) == (1, 128, 128, 100)


def test_fan_in_counts_the_taps_of_one_neuron() -> None:
    assert [layer.fan_in for layer in layer_shapes("csnn-s", 2, 32)] == [2 * 9, 16 * 9, 2048, 128]


def test_shapes_of_vgg9() -> None:
    shapes = layer_shapes("vgg9", 2, 32)
    assert len(shapes) == 9
    assert [shape.pool for shape in shapes] == [1, 2, 1, 2, 1, 1, 2, 1, 1]
    assert shapes[7].inputs == 140 * 4 * 4


def test_odd_frames_lose_their_last_row_in_a_pool() -> None:
    assert layer_shapes("4C5-MP2-FC10", 2, 17)[1].in_size == (8, 8)


def test_presets_and_their_strings_are_one() -> None:
    for name, text in PRESETS.items():
        assert expand(name.upper()) == expand(text.lower()) == text


def test_presets_have_votes_for_every_class() -> None:
    assert expand("csnn-s", classes=11) == "16C3-MP2-32C3-MP2-FC128-FC110"
    gestures = TrainingChoices(dataset="dvs128-gesture", architecture="vgg9")
    assert gestures.architecture.endswith("FC1064-FC220")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("16X3", "cannot read '16X3'"),
        ("", "cannot read ''"),
        ("16C4-FC10", "even"),
        ("MP2-FC10", "must follow a convolution"),
        ("FC10-MP2", "must follow a convolution"),
        ("FC10-16C3", "cannot follow a fully connected"),
        ("16C3-MP2", "ends in 'MP2'"),
        ("16C3--FC10", "cannot read ''"),
        ("0C3-FC10", "cannot read '0C3'"),
        ("16C3-FC10 ; rm", "cannot read"),
        ("4097C3-FC10", "more than 4096 channels"),
        ("FC65537", "more than 65536 neurons"),
        ("FC1-" * 64 + "FC10", "65 parts is too long"),
    ],
)
def test_grammar_errors(text: str, said: str) -> None:
    with pytest.raises(InputError, match="allowed: parts joined") as error:
        expand(text)
    assert said in str(error.value)


def test_pooling_to_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="to nothing"):
        layer_shapes("4C3-MP9-4C3-MP9-FC10", 2, 32)
