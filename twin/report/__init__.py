"""What people look at: tables for terminal and notebook, figures, the drawing of a plant; English and French."""
