#: what     a hundred thousand subshells one after the other, each with a little work: the sum counts
#: id       A-008
#: control  cpu_time
#: limits   cpu_time_ms=400 wall_time_ms=5000
#: expect   time_limit
#: error    CPU time
for ((count = 0; count < 100000; count++)); do
    (for ((step = 0; step < 200; step++)); do :; done)
done
