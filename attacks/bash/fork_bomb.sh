#: what     every process starts two more in a pipe, for ever
#: id       A-001
#: control  processes
#: limits   cpu_time_ms=500 wall_time_ms=3000 processes=20
#: expect   time_limit
#: tasks    21
f() {
    f | f &
}
while :; do
    f
done
