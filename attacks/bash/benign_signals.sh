#: what     traps a signal that a child sends, and a command that takes too long: benign
#: id       G-11
#: expect   ok
#: output   woken 124 bye
trap 'woken=woken' USR2
trap 'echo bye' EXIT
(sleep 0.05; kill -USR2 $$) &
until [[ $woken ]]; do
    sleep 0.02
done
timeout 0.1 sleep 5
printf '%s %s ' "$woken" $?
