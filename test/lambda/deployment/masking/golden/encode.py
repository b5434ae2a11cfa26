"""What Python's own library makes of each secret: name of the encoder → text."""
import base64, html, json, pprint, re, shlex, sys, textwrap, urllib.parse
from email.base64mime import body_encode
from xml.sax import saxutils

ENCODERS = {
    "quote": urllib.parse.quote,
    "quote safe=''": lambda s: urllib.parse.quote(s, safe=""),
    "quote latin-1": lambda s: urllib.parse.quote(s, encoding="latin-1", errors="replace") if s.isascii() or all(ord(c) < 256 for c in s) else None,
    "quote_plus": urllib.parse.quote_plus,
    "urlencode": lambda s: urllib.parse.urlencode({"token": s}),
    "json.dumps": lambda s: json.dumps({"password": s}),
    "json.dumps ensure_ascii=False": lambda s: json.dumps({"password": s}, ensure_ascii=False),
    "json.dumps in json.dumps": lambda s: json.dumps({"event": json.dumps({"password": s})}),
    "repr": repr,
    "ascii": ascii,
    "repr of bytes": lambda s: repr(s.encode()),
    "pprint": lambda s: pprint.pformat({"password": s}, width=1000),
    "html.escape": html.escape,
    "saxutils.quoteattr": saxutils.quoteattr,
    "xmlcharrefreplace": lambda s: html.escape(s).encode("ascii", "xmlcharrefreplace").decode(),
    "namereplace-free unicode_escape": lambda s: s.encode("unicode_escape").decode(),
    "shlex.quote": shlex.quote,
    "b64encode": lambda s: base64.b64encode(f"user:{s}".encode()).decode(),
    "urlsafe_b64encode": lambda s: base64.urlsafe_b64encode(f"u:{s}".encode()).decode(),
    "MIME body_encode": lambda s: body_encode(f"{'x' * 31}{s}{'y' * 31}".encode()),
    "bytes.hex": lambda s: s.encode().hex(),
    "bytes.hex sep": lambda s: s.encode().hex(":"),
}

secrets = json.load(open(sys.argv[1], encoding="utf-8"))
vectors = [[name, secret, text] for secret in secrets for name, encode in ENCODERS.items() if (text := encode(secret)) is not None]
json.dump(vectors, sys.stdout)
