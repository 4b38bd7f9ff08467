// actor
