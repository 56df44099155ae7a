"""Properties are tried modestly here; `--hypothesis-profile=thorough` tries them a hundred times as hard."""

from hypothesis import HealthCheck, settings

settings.register_profile("modest", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "thorough", max_examples=6_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

settings.load_profile("modest")
