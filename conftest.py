"""Puts the repository root on the path, so that tests run without installing; settings for Hypothesis."""

from hypothesis import HealthCheck, settings

# A busy machine is no defect of the code: time is measured in benchmarks, not by Hypothesis.
settings.register_profile("songloom", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("songloom")
