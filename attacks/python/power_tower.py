#: what     a tower of powers, whose value would fill the memory of the world
#: id       A-024
#: control  cpu_time
#: limits   cpu_time_ms=300 wall_time_ms=5000
#: expect   time_limit
#: error    CPU time
nine = int(input()) + 5
print(nine ** nine ** nine ** nine)
