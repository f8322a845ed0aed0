"""``spikecast serve``: the predictor as an HTTP service."""

from __future__ import annotations

import multiprocessing.process
import os
import signal
import socket
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

import spikecast
from spikecast.errors import InputError, needs
from spikecast_cli.options import ModelOption

#: How options reach the processes of several workers.
_MODEL, _DATA, _HOSTS = "SPIKECAST_SERVE_MODEL", "SPIKECAST_SERVE_DATA", "SPIKECAST_SERVE_HOSTS"
#: What a browser on this machine calls it.
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
#: Of what is in flight, and of the whole process from the signal on: threads that go on do not hold it.
_GRACE_S, _END_S = 25, 30
#: No option: command lines are seen by everybody on a machine.
_TOKEN = "SPIKECAST_ADMIN_TOKEN"


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen at; 0.0.0.0 is every one of this machine.")
    ] = "127.0.0.1",
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(
            help="Name by which others ask for this service, as often as there are names; * is any. "
            "Names of this machine and --host are allowed anyway.",
            show_default=False,
        ),
    ] = None,
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
    with needs("serve", "serve"):
        # Its script draws on the page.
        import plotly  # noqa: F401
        import uvicorn

        log_to_stderr = spikecast.service.log_to_stderr
    if data is not None:
        _require_refits(data, model)
        os.environ[_DATA] = str(data.absolute())
    if model is not None:
        os.environ[_MODEL] = str(model.absolute())
    own = f"[{host}]" if ":" in host else host
    os.environ[_HOSTS] = " ".join((*_LOOPBACK, own.lower(), *(name.lower() for name in allowed_host or ())))
    log_to_stderr()
    # After a graceful end uvicorn raises the signal again for whoever was there before it; a service that has answered
    # all it was asked has not failed.
    signal.signal(signal.SIGTERM, lambda *_: None)
    _require_free(host, port)
    print(f"spikecast answers at http://{own}:{port}", flush=True)
    uvicorn.run(
        "spikecast_cli.serve:application",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        http=spikecast.service.Connection,
        ws="none",
        # Callers that connect at once are taken in that many at a time, each with a descriptor.
        backlog=max(1, spikecast.service.Connection.most_connections // 4),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )


def _end_in_time() -> None:
    """Keep the promise to end, whatever still runs: a thread that computes would hold the process, and workers whose
    parent was killed would go on answering."""
    for number in (signal.SIGTERM, signal.SIGINT):
        graceful = signal.getsignal(number)

        def end(number: int, frame: FrameType | None, graceful: Any = graceful) -> None:
            end_at_last = threading.Timer(_END_S, os._exit, (0,))
            end_at_last.daemon = True
            end_at_last.start()
            graceful(number, frame)

        if callable(graceful):
            signal.signal(number, end)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _require_free(host: str, port: int) -> None:
    """Refuse an address that is taken, or none of this machine, before anything is promised."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trying:
        # As the server itself does: connections that linger from before are no hindrance.
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise InputError(f"cannot listen at {host} port {port}: {reason}: use another --host or --port") from None


def _require_refits(data: Path, model: Path | None) -> None:
    if not data.is_dir():
        raise InputError(f"--data {data} is no folder: give one made by spikecast characterize")
    if model is None:
        raise InputError("--data is for refits, which replace a model: say which by --model; the shipped one stays")
    if not os.environ.get(_TOKEN):
        raise InputError(f"--data is for refits, which need a token: set {_TOKEN}")


def application() -> object:
    """The application with the options of this command; every worker calls it."""
    spikecast.service.log_to_stderr()
    if threading.current_thread() is threading.main_thread():
        _end_in_time()
    model, data = (Path(os.environ[name]) if name in os.environ else None for name in (_MODEL, _DATA))
    hosts = frozenset(os.environ.get(_HOSTS, " ".join(_LOOPBACK)).split())
    settings = spikecast.service.Settings(
        model=model,
        data=data,
        admin_token=os.environ.get(_TOKEN) or None,
        allowed_hosts=None if "*" in hosts else hosts,
    )
    return spikecast.service.create_app(settings)
