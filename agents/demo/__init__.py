"""A contact centre that does not exist, so that everything else can be seen at work."""
