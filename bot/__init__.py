"""The roof: config, command line, server, webhooks, scheduler."""
