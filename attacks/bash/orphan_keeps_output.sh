#: what     ends while a process in the background holds the output and sleeps
#: id       A-042
#: control  teardown
#: expect   ok
#: output   done
#: wall_ms  1000
sleep 30 &
(trap '' HUP TERM; exec sleep 30) &
echo done
