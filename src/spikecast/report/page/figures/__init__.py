"""The figures of the page, without their titles, which stand beside them."""
