"""The people of a school and its classes: who may handle whom, and every change that is made to them."""
