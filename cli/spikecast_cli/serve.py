"""``spikecast serve``: the predictor as an HTTP service."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Annotated

import typer

from spikecast.errors import InputError
from spikecast_cli.common_options import ModelOption

#: How options reach the processes of several workers.
_MODEL, _DATA = "SPIKECAST_SERVE_MODEL", "SPIKECAST_SERVE_DATA"
#: No option: command lines are seen by everybody on a machine.
_TOKEN = "SPIKECAST_ADMIN_TOKEN"


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen at; 0.0.0.0 is every one of this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8000,
    model: ModelOption = None,
    data: Annotated[
        Path | None,
        typer.Option(
            help=f"Data folder of refits; they need --model too, and a token in ${_TOKEN}.", show_default=False
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer.")] = 1,
) -> None:
    """Answer predictions over HTTP until interrupted; what is in flight is finished first."""
    try:
        import uvicorn

        from spikecast.service.structured_log import log_to_stderr
    except ModuleNotFoundError as error:
        raise InputError(f"serve needs {error.name}, which is not installed: pip install 'spikecast[serve]'") from None
    if data is not None:
        _require_refits(data, model)
        os.environ[_DATA] = str(data.absolute())
    if model is not None:
        os.environ[_MODEL] = str(model.absolute())
    log_to_stderr()
    # After a graceful end uvicorn raises the signal again for whoever was there before it; a service that has answered
    # all it was asked has not failed.
    signal.signal(signal.SIGTERM, lambda *_: None)
    print(f"spikecast answers at http://{host}:{port}", flush=True)
    uvicorn.run(
        "spikecast_cli.serve:application",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=30,
    )


def _require_refits(data: Path, model: Path | None) -> None:
    if not data.is_dir():
        raise InputError(f"--data {data} is no folder: give one made by spikecast characterize")
    if model is None:
        raise InputError("--data is for refits, which replace a model: say which by --model; the shipped one stays")
    if not os.environ.get(_TOKEN):
        raise InputError(f"--data is for refits, which need a token: set {_TOKEN}")


def application() -> object:
    """The application with the options of this command; every worker calls it."""
    from spikecast.service.app import create_app
    from spikecast.service.settings import Settings
    from spikecast.service.structured_log import log_to_stderr

    log_to_stderr()
    model, data = (Path(os.environ[name]) if name in os.environ else None for name in (_MODEL, _DATA))
    return create_app(Settings(model=model, data=data, admin_token=os.environ.get(_TOKEN) or None))
