"""What several parts of the admin pages share. It knows none of them."""
