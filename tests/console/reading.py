"""A page as a reader takes it in: its lines, figures, facts and links, out of the parsed HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "wbr"))


@dataclass(slots=True)
class Element:
    """A node of the page with what lies in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words in it, blanks as a browser shows them."""
        return " ".join("".join(self._words()).split())

    def find(self, tag: str = "", **wanted: str) -> list[Element]:
        """Elements in it, top down; `cls` is one of an element's classes."""
        return list(self._found(_test(tag, wanted)))

    def one(self, tag: str = "", **wanted: str) -> Element:
        (found,) = self.find(tag, **wanted)
        return found

    def pairs(self) -> dict[str, str]:
        """The terms of a list of facts or figures, and what is said of them."""
        terms, values = self.find("dt"), self.find("dd")
        return {term.text: value.text for term, value in zip(terms, values, strict=True)}

    @property
    def links(self) -> dict[str, str]:
        """Where its links lead, by their words."""
        return {link.text: link.attributes["href"] for link in self.find("a")}

    def _words(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag in ("small", "p", "li", "dt", "dd", "td", "tr", "div"):
                yield f" {''.join(child._words())} "
            else:
                yield from child._words()

    def _found(self, fits: Callable[[Element], bool]) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                if fits(child):
                    yield child
                yield from child._found(fits)


def read(html: str) -> Element:
    """Parses a page; a tag that is not closed, or closed twice, is an error."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert [element.tag for element in parser.open] == ["page"], "a tag is not closed"
    return parser.open[0]


def _test(tag: str, wanted: dict[str, str]) -> Callable[[Element], bool]:
    cls = wanted.pop("cls", "")

    def fits(element: Element) -> bool:
        return (
            (not tag or element.tag == tag)
            and (not cls or cls in element.attributes.get("class", "").split())
            and all(element.attributes.get(name) == value for name, value in wanted.items())
        )

    return fits


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)
