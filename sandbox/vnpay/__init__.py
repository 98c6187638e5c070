"""VNPay as the street plays it: its pay page, its notices with their repeats, and what it answers when asked."""
