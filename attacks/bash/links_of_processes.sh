#: what     follows the links of /proc to roots, folders, programs and descriptors of all processes it can name
#: id       A-080
#: control  proc
#: expect   ok
#: output   held
breaches=0
escaped() { echo "ESCAPED $*"; breaches=1; }

sleep 5 &
child=$!
for ((pid = 1; pid <= 2000; pid++)); do
    [ "$pid" -ne $$ ] && [ "$pid" -ne "$child" ] && [ -e "/proc/$pid" ] || continue
    escaped "sees $pid: $(readlink "/proc/$pid/"{root,cwd,exe,fd/*} | paste -s -d ' ')"
    ! ls "/proc/$pid/root/" || escaped "lists its root"
done 2>/dev/null
# Its own and its child's lead to nothing but this box.
for pid in $$ "$child"; do
    [ "/proc/$pid/root" -ef / ] || escaped "$pid has another root"
    [ "/proc/$pid/cwd" -ef /box ] || escaped "$pid is in $(readlink "/proc/$pid/cwd")"
    [ "$(ls "/proc/$pid/root/" | paste -s)" = "$(ls / | paste -s)" ] || escaped "$pid sees another root"
    for link in "/proc/$pid/fd/"*; do
        case ${link##*/}:$(readlink "$link") in
        # Standard streams and what Bash opens for itself: substitutions, a background job's input, the script.
        *:pipe:* | 0:/dev/null | 255:/code/solution.sh) ;;
        *) escaped "$link $(readlink "$link")" ;;
        esac
        ! ls "$link/.." >/dev/null 2>&1 || escaped "$link/.."
    done
done
kill "$child"
[ "$breaches" -ne 0 ] || echo held
