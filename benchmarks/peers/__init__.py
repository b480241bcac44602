"""The same job written with other tools, as a teacher would."""
