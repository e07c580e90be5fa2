#: what     sleeps while a process in the background, whose parent is gone, spins: its CPU time counts
#: id       A-007
#: control  cpu_time
#: limits   cpu_time_ms=300 wall_time_ms=5000
#: expect   time_limit
#: error    CPU time
(while :; do :; done &)
sleep 60
