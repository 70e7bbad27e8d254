"""For `tortoise -c storage.tortoise_config.CONFIG makemigrations`; a run has its own URL."""

from storage.database import connection_config

CONFIG = connection_config("sqlite://:memory:")
