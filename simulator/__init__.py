"""Pretend WeChat platform and SMS gateway with a page of phones; shares no code with the rest."""
