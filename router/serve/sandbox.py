"""Apollo's Sandbox instead of our page, for those who ask for it; its code is Apollo's.

https://www.apollographql.com/docs/graphos/platform/sandbox#embedding-sandbox
"""

from __future__ import annotations

from router.serve.http_messages import HttpResponse

POLICY = (
    b"default-src 'none'; connect-src *; img-src 'self' data: https:; style-src 'unsafe-inline'; "
    b"script-src https://embeddable-sandbox.cdn.apollographql.com 'unsafe-inline'; "
    b"frame-src https://sandbox.embed.apollographql.com; base-uri 'none'"
)
PAGE = b"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Apollo Sandbox</title>
<style>html, body, #sandbox { height: 100%; margin: 0; }</style></head>
<body>
<div id="sandbox"></div>
<script src="https://embeddable-sandbox.cdn.apollographql.com/_latest/embeddable-sandbox.umd.production.min.js"></script>
<script>
new window.EmbeddedSandbox({
  target: "#sandbox",
  initialEndpoint: window.location.href,
  initialSubscriptionEndpoint: window.location.href,
  initialRequestQueryPlan: true,
  initialState: { includeCookies: true },
  endpointIsEditable: false,
});
</script>
</body>
</html>
"""


def sandbox_page() -> HttpResponse:
    """The page that loads Sandbox; the browser needs internet for it."""
    headers = (
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-security-policy", POLICY),
        (b"cache-control", b"no-cache"),
        (b"vary", b"accept"),
    )
    return HttpResponse(200, headers, PAGE)
