"""The tables, by subject. Nobody above this package names one."""

from storage.models import (
    alarms,
    campaigns,
    disclosures,
    dues,
    identities,
    installation,
    matters,
    messages,
    people,
    places,
    quotas,
    schedules,
    sharing,
    templates,
)

__models__ = [
    *places.__models__,
    *people.__models__,
    *disclosures.__models__,
    *identities.__models__,
    *matters.__models__,
    *messages.__models__,
    *templates.__models__,
    *schedules.__models__,
    *dues.__models__,
    *campaigns.__models__,
    *quotas.__models__,
    *sharing.__models__,
    *installation.__models__,
    *alarms.__models__,
]
