"""What a report is written with: pages, pictures, sheets, slides; no words."""
