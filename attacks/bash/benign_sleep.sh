#: what     sleeps for half of its time: benign
#: id       G-10
#: limits   wall_time_ms=2000 cpu_time_ms=300
#: expect   ok
#: output   slept
sleep 1
echo slept
