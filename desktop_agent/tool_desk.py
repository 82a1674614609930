"""Everything a user can do with tools; the window and the terminal drive the same desk."""
