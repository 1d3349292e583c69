from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "anxin.kernel.web"
    label = "web"
