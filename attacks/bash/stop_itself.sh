#: what     stops itself and its group instead of sleeping
#: id       A-006
#: control  wall_time
#: limits   wall_time_ms=400
#: expect   time_limit
#: error    ran for longer
#: wall_ms  1400
sleep 4 &
kill -STOP 0
