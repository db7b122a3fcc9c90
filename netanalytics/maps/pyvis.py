"""A door to pyvis, for drawing by hand in a notebook, with its known faults repaired.

pyvis 0.3.2 asks a content network for Bootstrap in every mode, runs names that contain markup in
four places, writes files in the encoding of the machine and pages without a doctype. The object
returned here is a ``pyvis.network.Network`` in all else.
"""

from __future__ import annotations

import html
import json
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netanalytics.errors import OptionError
from netanalytics.maps.given import Given, raw_groups
from netanalytics.maps.grouping import grouped
from netanalytics.maps.layout import degrees, layout
from netanalytics.maps.page import digest
from netanalytics.maps.style import LIGHT, plain, radii
from netanalytics.writing import write_whole

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyvis.network

    from netanalytics.network import Network


def to_pyvis(
    net: Network, *, by: str | None = None, seed: int = 0, most: int = 500
) -> pyvis.network.Network:
    """Return a pyvis network with positions, for changing and showing by hand.

    Parameters
    ----------
    net : Network
        What to draw.
    by : str, optional
        People column that gives the colours; communities where it is left out.
    seed : int
        Seed of the communities and positions.
    most : int
        Most people: pyvis draws every dot and line again for each frame and is of no use far
        beyond 500. For more, use :func:`netanalytics.network_map`.

    Returns
    -------
    pyvis.network.Network
        With physics off; ``write_html`` and ``generate_html`` give a page that asks nothing of
        any network and shows names as text.

    Raises
    ------
    OptionError
        If there are more people than ``most``.

    Examples
    --------
    >>> import pandas as pd
    >>> from netanalytics.network import Network
    >>> ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]})
    >>> people = pd.DataFrame({"person": ["a", "b", "c"], "team": ["x", "x", "y"]})
    >>> to_pyvis(Network.from_ties(ties, people), by="team").num_edges()
    2
    """
    if len(net.people) > most:
        raise OptionError(
            f"{len(net.people):,} people are too many for pyvis (most={most}): "
            "use network_map, or a smaller network from ego or among"
        )
    groups = raw_groups(net, Given(by=by, seed=seed))
    places = layout(net, groups, seed=seed)
    with _quiet():
        page = _repaired()(
            height="640px", width="100%", notebook=False, cdn_resources="in_line", bgcolor="#ffffff"
        )
    _still(page)
    # add_edge compares each new tie with all others: the lists are filled directly.
    for node in _nodes(net, groups, places, by):
        page.nodes.append(node)
        page.node_ids.append(node["id"])
        page.node_map[node["id"]] = node
    page.edges.extend(_edges(net))
    return page


def _still(page: Any) -> None:
    """Turn physics off; the options stay an object, so that pyvis's own switches go on working."""
    options = page.options
    options.physics.enabled = False
    options.interaction.hover = True
    options.interaction.hideEdgesOnDrag = True
    options.edges.smooth.enabled = False
    options.edges.color = {"color": LIGHT.faint, "highlight": LIGHT.ink}
    options.nodes = {"font": {"color": LIGHT.ink, "size": 13}, "borderWidth": 1}


def _nodes(
    net: Network, groups: pd.Series, places: np.ndarray, by: str | None
) -> Iterator[dict[str, Any]]:
    group = grouped(net, groups.reindex(net.people.index), by=by)
    degree = degrees(net)
    sizes = radii(degree)
    for at, (person, label) in enumerate(net.labels.items()):
        name = plain(label) or "(no name)"
        code = int(group.codes[at])
        ties = f"{degree[at]} tie{'' if degree[at] == 1 else 's'}"
        yield {
            "id": str(person),
            "label": plain(name, 28),
            "title": f"{name}\n{group.names[code]}\n{ties}",
            "shape": "dot",
            "size": round(float(sizes[at]), 1),
            "color": LIGHT.colour(group.colours[code]),
            "x": float(places[at, 0]),
            "y": float(places[at, 1]),
        }


def _edges(net: Network) -> Iterator[dict[str, Any]]:
    top = float(net.strength.max()) if len(net.ties) else 1.0
    for (source, target), strength in zip(net.ties.index, net.strength, strict=True):
        width = round(0.6 + 3.4 * float(strength / top) ** 0.5, 2)
        yield {"from": str(source), "to": str(target), "width": width}


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the warnings of pyvis and of what it imports to themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@cache
def _repaired() -> type[pyvis.network.Network]:
    """Return the class of pyvis with its page repaired; made on first use, as pyvis is heavy."""
    with _quiet():
        from pyvis.network import Network as Original

    return type("RepairedNetwork", (_Repairs, Original), {"__doc__": _Repairs.__doc__})


if TYPE_CHECKING:
    _Base = Any
else:
    _Base = object


class _Repairs(_Base):  # type: ignore[misc]
    """A pyvis network whose page is complete, offline and shows names as text."""

    def __init__(self, *args: Any, **options: Any) -> None:
        from jinja2 import Environment, FileSystemLoader

        super().__init__(*args, **options)
        # Heading and ids of the select menu are written through this environment.
        loader = FileSystemLoader(self.template_dir)
        self.templateEnv = Environment(loader=loader, autoescape=True)

    def generate_html(
        self, name: str = "index.html", local: bool = True, notebook: bool = False
    ) -> str:
        """Return the page."""
        self.cdn_resources = "in_line"
        with _quiet(), _tooltips_as_text(self):
            page = super().generate_html(name=name, local=local, notebook=False)
        self.html = repaired_page(page, menus=self.select_menu or self.filter_menu)
        return self.html

    def get_network_data(self) -> tuple[Any, ...]:
        """Return what the page is made of; options as JSON that cannot end the script."""
        nodes, edges, heading, height, width, options = super().get_network_data()
        if isinstance(options, dict):
            options = json.dumps(options)
        return nodes, edges, heading, height, width, _inert(str(options))

    def set_options(self, options: str) -> None:
        """Replace the options; more than once, and with blanks in texts left alone."""
        self.options = json.loads(options[options.find("{") :])

    def write_html(
        self, name: str, local: bool = True, notebook: bool = False, open_browser: bool = False
    ) -> None:
        """Write the page, whole and in UTF-8."""
        path = write_whole(Path(name), self.generate_html(name=Path(name).name))
        if open_browser:
            import webbrowser

            webbrowser.open(path.resolve().as_uri())

    def show(self, name: str, local: bool = True, notebook: bool = True) -> Any:
        """Write the page and return a frame for the notebook, or open a browser."""
        self.write_html(name, open_browser=not notebook)
        if not notebook:
            return None
        from IPython.display import IFrame

        return IFrame(name, width=self.width, height=self.height)

    def _repr_html_(self) -> str:
        page = html.escape(self.generate_html(), quote=True)
        return (
            f'<iframe width="100%" height="660" sandbox="allow-scripts" srcdoc="{page}"></iframe>'
        )


@contextmanager
def _tooltips_as_text(page: Any) -> Iterator[None]:
    """Hide the word that makes pyvis write every tooltip as markup; it compares letters."""
    titles = [node.get("title") for node in page.nodes]
    for node, title in zip(page.nodes, titles, strict=True):
        if isinstance(title, str) and "href" in title:
            node["title"] = title.replace("href", "hre\u2060f")
    try:
        yield
    finally:
        for node, title in zip(page.nodes, titles, strict=True):
            if title is not None:
                node["title"] = title


def _inert(options: str) -> str:
    return options.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


_OUTSIDE = re.compile(
    r"<link\b[^>]*?href=\"https?://[^>]*?>|<script\b[^>]*?src=\"https?://[^>]*?>\s*</script>",
    re.DOTALL,
)
_NOTE = re.compile(r"<!-- <link [^>]*node_modules.*?-->", re.DOTALL)
_HEADING = re.compile(r"<center>\s*<h1>(.*?)</h1>\s*</center>", re.DOTALL)
_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL)


def repaired_page(page: str, *, menus: bool = False) -> str:
    """Return a page of pyvis without outside files, with a doctype and a policy.

    Parameters
    ----------
    page : str
        What ``generate_html`` returned.
    menus : bool
        Whether it has menus: these use event attributes, so that no hash can allow them.

    Returns
    -------
    str
        A complete page.
    """
    page = _OUTSIDE.sub("", _NOTE.sub("", page)).replace("\r\n", "\n")
    headings = _HEADING.findall(page)
    heading = headings[0].strip() if headings else ""
    page = _HEADING.sub("", page)
    scripts = "'unsafe-inline'"
    if not menus:
        scripts = " ".join(f"'{digest(script)}'" for script in _SCRIPT.findall(page))
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<title>{heading or "Network"}</title>\n<link rel="icon" href="data:,">\n'
    )
    page = re.sub(r"^\s*<html>\s*<head>\s*<meta charset=\"utf-8\">", lambda _: head, page)
    return page.replace("<body>", f"<body>\n<h1>{heading}</h1>" if heading else "<body>", 1)
