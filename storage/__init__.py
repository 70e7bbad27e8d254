"""Models, migrations, every query, sealing of what is secret, the chains."""
