"""What carries a message to a person: one module per gateway, and what they share."""
