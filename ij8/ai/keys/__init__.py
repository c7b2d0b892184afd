"""Keys of providers: kept sealed, looked for from one's own over the school's to the installation's."""
