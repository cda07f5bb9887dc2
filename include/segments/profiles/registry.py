"""The profiles by name. A new one is a file beside this one and a line here."""

from __future__ import annotations

from include.errors import ConfigError
from include.segments.profiles.dotdigital import DOTDIGITAL
from include.segments.profiles.generic_csv import GENERIC_CSV
from include.segments.profiles.google_customer_match import GOOGLE_CUSTOMER_MATCH
from include.segments.profiles.hubspot import HUBSPOT
from include.segments.profiles.klaviyo import KLAVIYO
from include.segments.profiles.mailchimp import MAILCHIMP
from include.segments.profiles.meta_custom_audience import META_CUSTOM_AUDIENCE
from include.segments.profiles.model import Profile

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        GENERIC_CSV,
        KLAVIYO,
        MAILCHIMP,
        DOTDIGITAL,
        HUBSPOT,
        GOOGLE_CUSTOMER_MATCH,
        META_CUSTOM_AUDIENCE,
    )
}


def get_profile(name: str) -> Profile:
    """A profile.

    Raises:
        ConfigError: there is none of this name.
    """
    if name not in PROFILES:
        raise ConfigError(f"There is no export profile {name}: write one of {', '.join(PROFILES)}.")
    return PROFILES[name]
