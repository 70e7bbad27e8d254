"""Files into the store: who a row belongs to, what was done with it, and the report on it."""
