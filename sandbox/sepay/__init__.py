"""The SePay of the street, as far as it watches the bank: webhooks in every form there is, and the user API."""
