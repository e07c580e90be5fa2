#: what     spins for ever
#: limits   cpu_time_ms=300
#: expect   time_limit
while True:
    pass
