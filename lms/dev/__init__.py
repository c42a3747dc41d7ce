"""Only for development: one-click sign-in, the mailbox of the site, the style guide, demo data."""
