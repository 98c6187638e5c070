"""The bank of the street: reads QR codes, moves money that does not exist, sends true notices of it."""
