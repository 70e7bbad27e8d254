"""The edge towards the SMS gateways: replies and receipts that they push."""
