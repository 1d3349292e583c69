"""The web application, for granian."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from anxin.config import live

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxin.config.settings")
application = live.Live(get_wsgi_application())

# Everything a request needs is loaded now, not by the first of them, and is no rubbish to look for: a search through
# all of it takes a tenth of a second, in which the process answers nobody. Requests leave little behind in circles.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
