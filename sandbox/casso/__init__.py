"""The Casso of the street: the same movements as in its notices, for whoever asks with the key."""
