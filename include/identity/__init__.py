"""Who is the same person: normal forms, guest keys, guests made of their orders."""
