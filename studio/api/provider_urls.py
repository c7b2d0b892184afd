"""The same three addresses for the installation's keys, the school's and one's own."""

from django.urls import path

from studio.api import providers

LEVELS = {"admin": "platform", "school": "school", "me": "personal"}

urlpatterns = [
    route
    for prefix, level in LEVELS.items()
    for route in (
        path(f"{prefix}/providers/", providers.providers, {"level": level}, name=f"api-{prefix}-providers"),
        path(f"{prefix}/providers/<slug:name>/", providers.provider, {"level": level}, name=f"api-{prefix}-provider"),
        path(
            f"{prefix}/providers/<slug:name>/test/", providers.provider_test, {"level": level}, name=f"api-{prefix}-provider-test"
        ),
    )
]
