"""What a village discloses besides accounts: seven kinds of table, each a specification."""
