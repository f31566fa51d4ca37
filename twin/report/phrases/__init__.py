"""What reports say, in English and French, a file a report; nothing but words."""
