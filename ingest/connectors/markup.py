"""Marked-up narrative (XHTML of FHIR, CDA text) to plain lines. Loads nothing from outside, expands no entity."""

from __future__ import annotations

from typing import Any, Final

from lxml import etree, html

MAX_MARKUP: Final = 2_000_000
_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "li",
        "tr",
        "table",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "br",
        "paragraph",
        "list",
        "item",
        "content",
        "caption",
        "section",
        "thead",
        "tbody",
    ]
)
_CELLS: Final = frozenset({"td", "th"})
_UNREAD: Final = frozenset({"script", "style", "head", "title", "template", "noscript"})


def text_of_html(markup: str) -> str:
    """Lines of an XHTML fragment; table cells two spaces apart. "" for what is no markup at all."""
    if not markup.strip() or len(markup) > MAX_MARKUP:
        return ""
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = html.document_fromstring(markup.encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return ""
    return text_of_element(root)


def parsed_xml(data: bytes) -> Any:
    """The root of an XML document, without DTD, entities or network. Raises etree.XMLSyntaxError, ValueError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("doctype")
    return root


def text_of_element(root: Any) -> str:
    """The element's text as lines."""
    pieces: list[str] = []
    _collect(root, pieces)
    lines = ("".join(pieces)).split("\n")
    cleaned = (_tidied(line) for line in lines)
    return "\n".join(line for line in cleaned if line)


def _tidied(line: str) -> str:
    """White space inside a line to single spaces, cell gaps (tabs) to two."""
    cells = [" ".join(cell.split()) for cell in line.split("\t")]
    return "  ".join(cell for cell in cells if cell)


def _collect(root: Any, pieces: list[str]) -> None:
    """Without recursion, so that deep nesting costs memory and not the stack."""
    todo: list[tuple[Any, bool]] = [(root, False)]
    while todo:
        node, leaving = todo.pop()
        name = etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""
        if leaving:
            pieces.append("\n" if name in _BLOCKS else "\t" if name in _CELLS else "")
            pieces.append(_flat(node.tail))
            continue
        if name in _UNREAD or not name:
            pieces.append(_flat(node.tail))
            continue
        pieces.append("\n" if name in _BLOCKS else "")
        pieces.append(_flat(node.text))
        todo.append((node, True))
        todo.extend((child, False) for child in reversed(node))


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\t", " ")
