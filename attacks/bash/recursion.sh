#: what     recursion without end, which the shell makes slower the deeper it is: its time runs out before its stack
#: id       A-021
#: control  cpu_time
#: limits   cpu_time_ms=400 wall_time_ms=5000
#: expect   time_limit
#: error    CPU time
f() {
    f
}
f
