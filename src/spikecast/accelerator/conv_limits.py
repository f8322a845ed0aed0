"""What a convolution may be for the accelerator, wherever it was read."""

from __future__ import annotations


def conv_limits(
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    groups: int,
    strides: tuple[int, ...] = (1, 2),
) -> dict[str, tuple[bool, str]]:
    """By setting: whether it fits, and what is allowed.

    Args:
        kernel_size, stride, dilation: height and width, in pixels.
        padding: zeros over and beside the map.
        groups: parts that the channels are split into.
        strides: those that are allowed.
    """
    return {
        "kernel_size": (kernel_size[0] == kernel_size[1] and kernel_size[0] % 2 == 1, "an odd square one"),
        "stride": (stride[0] == stride[1] and stride[0] in strides, " or ".join(map(str, strides))),
        "padding": (padding[0] == padding[1], "the same in both axes"),
        "dilation": (dilation == (1, 1), "1"),
        "groups": (groups == 1, "1"),
    }
