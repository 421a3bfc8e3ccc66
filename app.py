"""The entry: `streamlit run app.py` serves ui/shell.py with its style, security headers, compression and a warm-up."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROOT = Path(__file__).parent

# Components of Streamlit are scripts from blob: addresses with inline styles; nothing comes from another host.
HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss:",
            "frame-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address holds what the reader typed
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

WARM_UP_AFTER = 3.0  # seconds


class SecurityHeaders:
    """Adds `HEADERS` to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class StyleWithThePage:
    """Puts ui/style.css into each page of HTML: sent by the script, it would come half a second after the first words.

    It stands behind all that Streamlit puts into the head, and so prevails over rules that weigh the same.
    """

    # What would have a page come compressed, or not at all: neither can be given a style.
    WITHOUT = frozenset((b"accept-encoding", b"if-none-match", b"if-modified-since"))

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.style = b"<style>" + (ROOT / "ui" / "style.css").read_bytes() + b"</style>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back: a page with the style at its end."""
        is_page = False

        async def send_with_style(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                if is_page:  # its length is another, and it changes with our style, not only with Streamlit
                    for name in ("content-length", "etag", "last-modified"):
                        del headers[name]
            elif is_page:
                message["body"] = message.get("body", b"").replace(b"</body>", self.style + b"</body>")
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = [header for header in scope["headers"] if header[0] not in self.WITHOUT]
        await self.app({**scope, "headers": headers}, receive, send_with_style)


@asynccontextmanager
async def warm_up_beside(_: st.App) -> AsyncIterator[None]:
    """Load the shipped model in a thread of its own, a little after the server's first answers; save runs at the end.

    Importing torch at once would slow down the page of whoever opened it together with the server.
    """
    from ui.models.shelf import warm_up
    from ui.runs.pool import close_pool

    timer = threading.Timer(WARM_UP_AFTER, warm_up)
    timer.daemon = True
    timer.start()
    yield
    timer.cancel()
    close_pool()


app = st.App(
    ROOT / "ui" / "shell.py",
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(GZipMiddleware, minimum_size=1000),
        Middleware(StyleWithThePage),
    ],
    lifespan=warm_up_beside,
)
