"""Triggers, audience, templates, outbox, delivery, channels, receipts."""
