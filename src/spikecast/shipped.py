"""Where the files that come with spikecast lie: in an installed package, or in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent.parent


def shipped_path(relative: str) -> Path:
    """Path of a shipped file or folder such as ``models/default``; it need not exist."""
    installed = _PACKAGE / "shipped" / relative
    return installed if installed.exists() else _CHECKOUT / relative
