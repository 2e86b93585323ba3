"""What is measured on when it has to be much: tickets and tips, the same ones every time."""
