"""What the config says about the store, its keys, and how long things are kept (contract.md 3)."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """[database]: `sqlite://` followed by an absolute path, or `postgres://...`."""

    url: str = field(repr=False)
    """May hold a password: never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuritySettings:
    """[security]: where the key file lies."""

    key_file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSettings:
    """[retention]: days that each kind of data is kept."""

    inbox: int = 30
    conversations: int = 30
    deliveries: int = 730
    uploads: int = 90
    names_in_lists: int = 365
    audit: int = 1825
