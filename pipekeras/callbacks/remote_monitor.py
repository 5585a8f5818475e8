"""Send the results of every epoch to a server."""

from __future__ import annotations

import json
from typing import Any

from pipekeras.callbacks.callback import Callback, Logs
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.registry import register

TIMEOUT_SECONDS = 10


@register("callback")
class RemoteMonitor(Callback):
    """Send each epoch's results to a server as an HTTP POST request.

    A server that can't be reached gives a warning; training goes on.

    Args:
        root: str, address of the server, default "http://localhost:9000".
        path: str, path below it, default "/publish/epoch/end/".
        field: str, name of the form field that holds the JSON text, default "data"; unused with `send_as_json`.
        headers: dict of further request headers, default None.
        send_as_json: bool, send the JSON text as the body itself, default False.

    Example:
        >>> from pipekeras.callbacks import RemoteMonitor
        >>> RemoteMonitor(root="http://localhost:9000").path
        '/publish/epoch/end/'
    """

    def __init__(
        self,
        root: str = "http://localhost:9000",
        path: str = "/publish/epoch/end/",
        field: str = "data",
        headers: dict[str, str] | None = None,
        send_as_json: bool = False,
    ) -> None:
        super().__init__()
        if not root.startswith(("http://", "https://")):
            raise ConfigurationError(f"root must be the address of a web server, not {root!r}", mend="write http://...")
        self.root = root
        self.path = path
        self.field = field
        self.headers = headers
        self.send_as_json = send_as_json

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        from urllib.parse import urlencode
        from urllib.request import Request, urlopen

        results: dict[str, Any] = {"epoch": epoch}
        for name, value in (logs or {}).items():
            results[name] = value.item() if hasattr(value, "item") else value
        text = json.dumps(results)
        if self.send_as_json:
            body, kind = text.encode(), "application/json"
        else:
            body, kind = urlencode({self.field: text}).encode(), "application/x-www-form-urlencoded"
        request = Request(self.root + self.path, body, {"Content-Type": kind, **(self.headers or {})}, method="POST")
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS):
                pass
        except (OSError, ValueError) as problem:
            warn_user(f"Could not reach RemoteMonitor root server at {self.root} ({problem})")
