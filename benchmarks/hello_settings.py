"""The project's server settings for the yardstick, without what only the real application understands."""

from runpy import run_path

from config import ROOT

_HOOKS = ("on_starting", "post_worker_init", "wsgi_app")
globals().update(
    {name: value for name, value in run_path(str(ROOT / "gunicorn.conf.py")).items() if name not in _HOOKS}
)
