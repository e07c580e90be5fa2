#: what     asks how busy the host is, and what others use, by all the files that would say
#: id       A-090
#: control  proc
#: expect   ok
#: output   held
breaches=0
escaped() { echo "ESCAPED $*"; breaches=1; }

for path in /proc/{loadavg,stat,meminfo,vmstat,uptime,diskstats,interrupts,softirqs,schedstat,zoneinfo,buddyinfo,slabinfo,swaps} \
    /proc/{pressure,pressure/cpu,pressure/memory,pressure/io,cpuinfo,locks,net/dev,net/sockstat,net/tcp,sys/fs/file-nr} \
    /proc/{sys/fs/inode-nr,sys/kernel/random/entropy_avail,sysvipc/shm,timer_list,sched_debug,latency_stats} \
    /sys/fs/cgroup/{cpu.stat,memory.current,cpu.pressure} /sys/class/thermal /sys/devices/system/cpu; do
    [ ! -e "$path" ] || escaped "$path: $(head -c 200 "$path" 2>&1)"
done
# What it sees of the network is its own and idle.
while read -r kind counts; do
    case $kind in
    TCP: | UDP: | TCP6: | UDP6: | UDPLITE: | RAW: | FRAG:)
        [[ $counts =~ ^inuse\ 0 ]] || escaped "$kind $counts" ;;
    esac
done <"/proc/$$/net/sockstat"
[ -r "/proc/$$/net/sockstat" ] || escaped 'nothing: no counts to read'
# Of processes there are its own, whose numbers start at one and so tell nothing of others.
[ "$$" -lt 10 ] || escaped "process number $$"
[ "$breaches" -ne 0 ] || echo held
