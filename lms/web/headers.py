"""What every answer gets on its way out: security headers, and compression of pages.

There is no inline script or style, so the policy needs no nonce.
"""

from __future__ import annotations

import brotli
from flask import Flask, Response, request
from flask_login import current_user

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

COMPRESSED = {"text/html", "text/javascript", "application/manifest+json"}
# Smaller pages gain nothing; a higher quality costs more time than it saves bytes.
COMPRESS_FROM = 1000
BROTLI_QUALITY = 4

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), screen-wake-lock=(self)",
}


def all_of(app: Flask) -> dict[str, str]:
    """The headers of this site; behind https also the promise to stay there."""
    https = str(app.config["LMS"].base_url).startswith("https://")
    return HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})


def install(app: Flask) -> None:
    """Add the headers to every answer; pages for signed-in people are never kept by a cache."""
    safety = all_of(app)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in safety.items():
            response.headers.setdefault(name, value)
        if current_user.is_authenticated or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        elif response.mimetype == "text/html":
            # A page with a form carries a token of this visitor.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    @app.after_request
    def compress(response: Response) -> Response:
        """Pages leave with brotli where the browser takes it: a lesson fits in one round trip of a slow phone."""
        if (
            response.mimetype in COMPRESSED
            and not response.direct_passthrough
            and "br" in request.accept_encodings
            and "Content-Encoding" not in response.headers
        ):
            body = response.get_data()
            if len(body) > COMPRESS_FROM:
                response.set_data(brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY))
                response.headers["Content-Encoding"] = "br"
        response.vary.add("Accept-Encoding")
        return response
