"""Project + query -> SQL, and the growth metrics' algorithms."""
