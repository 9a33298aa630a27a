"""W&B's name of :mod:`tracker.integrations`."""

from ..integrations import __path__ as __path__
