"""The Bakong of the street: KHQR codes are paid here, and the shop asks which of them have been."""
