"""SePay's payment gateway as the street plays it: the page opened by a signed form, its notices, and its API."""
