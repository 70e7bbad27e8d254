"""How a county, a town or a village does: indicators, drill-down, trend, the monthly report."""
