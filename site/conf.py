"""How Sphinx builds the site; scripts/pages.py lays out what it is built from."""

import inspect
import re
import sys
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.inspect import stringify_signature

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import pages  # noqa: E402

project = "The autoencoder course"
author = pages.PROJECT["authors"][0]["name"]
copyright = "CC BY 4.0, code MIT"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["README.md", "modules.md"]  # index.md and api.md take them in

# The pages show what the notebooks store; the tests of the course run them.
nb_execution_mode = "off"
nb_render_markdown_format = "gfm"  # the tables of show_table
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3

# Only docstrings are read: none of these is installed beside Sphinx.
autodoc_mock_imports = ["keras", "matplotlib", "numpy", "PIL", "pooch", "scipy", "sklearn"]
autodoc_mock_imports += ["tensorflow", "tqdm"]
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "signature"
# "x_train, x_valid: float32" names two attributes, which Sphinx's own field does not know.
napoleon_custom_sections = [("Attributes", "params_style")]
napoleon_use_rtype = False
default_role = "py:obj"  # `fit` in a docstring leads to fit
# Types and much of what stands between backticks are other packages' names.
nitpick_ignore_regex = [("py:(class|obj)", ".*")]

html_theme = "sphinx_book_theme"
html_title = project
html_baseurl = pages.ADDRESS
templates_path = ["templates"]
html_static_path = ["static", str(pages.STATIC)]
html_css_files = ["course.css"]
html_permalinks_icon = "#"
mathjax_path = "mathjax/tex-chtml-full.js"  # our copy; the default is another host's
html_use_index = html_domain_indices = False  # the page of lessonlib lists all there is
html_favicon = "static/favicon.svg"
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system is
html_theme_options = {
    "navbar_persistent": [],  # else the search field appears twice
    "repository_url": pages.REPOSITORY,
    "repository_branch": "main",
    "use_repository_button": True,
    "use_issues_button": True,
    "launch_buttons": {
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
        "notebook_interface": "jupyterlab",
    },
    "home_page_in_toc": True,
    "search_bar_text": "Search the course ...",
    "show_toc_level": 2,
}


class Chinese(SphinxPostTransform):
    """Mark Chinese words as such (docutils makes `lang` of it), for voices and fonts."""

    default_priority = 900
    words = re.compile("([\u3400-\u9fff\uff00-\uffef]+)")

    def run(self, **kwargs):
        for text in list(self.document.findall(nodes.Text)):
            pieces = self.words.split(text)
            if len(pieces) > 1 and not isinstance(text.parent, nodes.raw):
                text.parent.replace(text, [self.piece(piece) for piece in pieces if piece])

    def piece(self, words):
        if not self.words.fullmatch(words):
            return nodes.Text(words)
        return nodes.inline("", words, classes=["language-zh"])


def own_arguments(app, what, name, thing, options, arguments, result):
    """The arguments of a class of ours whose base, a mock, would hide them."""
    if what != "class" or "__init__" not in vars(thing):
        return None
    signature = inspect.signature(thing.__init__)
    _, *parameters = signature.parameters.values()
    return stringify_signature(signature.replace(parameters=parameters)), None


def setup(app):
    app.connect("autodoc-process-signature", own_arguments)
    app.add_post_transform(Chinese)
