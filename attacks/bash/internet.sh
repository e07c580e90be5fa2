#: what     TCP and UDP to addresses of both versions, and to a name: all fail at once
#: id       A-107
#: control  network+seccomp+landlock
#: limits   wall_time_ms=5000
#: expect   ok
#: output   held
# ICMP is out of reach of a shell. Addresses of documentation, where nobody is, and datagrams to the loopback address,
# which every network carries.
targets=(
    tcp/198.51.100.7/80 tcp/2001:db8::7/443 udp/198.51.100.7/53 udp/2001:db8::7/53 udp/127.0.0.1/9
    tcp/example.invalid/80 udp/example.invalid/53
)
held=true
for target in "${targets[@]}"; do
    quickest=999999999 reached=
    # The quickest of three: a busy machine is no network.
    for turn in 1 2 3; do
        start=${EPOCHREALTIME/./}
        { exec 3<>"/dev/$target" && echo question >&3; } 2>/dev/null && reached="ESCAPED $target"
        took=$((${EPOCHREALTIME/./} - start))
        ((took < quickest)) && quickest=$took
        exec 3>&-
    done
    if [[ -n $reached || $quickest -gt 50000 ]]; then
        echo "ESCAPED $target, $quickest µs"
        held=false
    fi
done
$held && echo held
