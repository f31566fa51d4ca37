"""Suppliers and customers in a run: arrivals, deliveries, orders, product mix, demand."""
