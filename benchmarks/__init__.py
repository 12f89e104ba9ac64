"""`make bench`: the budgets of the design beside what was measured, and the same questions asked of other means."""
