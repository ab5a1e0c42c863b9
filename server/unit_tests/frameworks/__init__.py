"""How a project runs its tests: one module for each framework."""
