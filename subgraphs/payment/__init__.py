"""Payments: authorise, capture, void, refund. Entities: Payment, PaymentMethod."""
