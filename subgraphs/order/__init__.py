"""Orders: carts, orders and the checkout saga. Entities: Cart, CartLine, Order."""
