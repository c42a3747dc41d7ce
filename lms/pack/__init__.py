"""The begeleiderspakket: locked until the navorming is done, then the fiches."""
