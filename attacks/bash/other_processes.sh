#: what     asks /proc for every process number and reads what it says of each that is not its own
#: id       A-071
#: control  proc
#: expect   ok
#: output   held
breaches=0
for ((pid = 1; pid <= 5000; pid++)); do
    # Everything this script starts is a child of it.
    if [ "$pid" -ne $$ ] && [ -e "/proc/$pid" ]; then
        echo "ESCAPED $pid: $(ls -l "/proc/$pid/cwd" "/proc/$pid/fd" 2>&1) $(cat "/proc/$pid/"{cmdline,environ,maps,status} 2>&1)"
        breaches=1
    fi
done
[ -r "/proc/$$/environ" ] || { echo 'ESCAPED nothing: /proc does not even show this script'; breaches=1; }
for path in /proc/*/; do
    case $path in
    /proc/$$/ | /proc/self/ | /proc/thread-self/) ;;
    *) echo "ESCAPED $path"; breaches=1 ;;
    esac
done
[ "$breaches" -ne 0 ] || echo held
