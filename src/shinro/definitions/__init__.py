"""What the user wrote, as frozen values."""
