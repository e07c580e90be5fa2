#: what     leaves a file in every place it may write to, and looks for what earlier runs have left
#: id       A-115
#: control  shared_scratch
#: inputs   1;2;3;4;5
#: expect   ok
#: output   held
shopt -s nullglob dotglob
held=held
for place in /box /tmp /dev/shm; do
    for entry in "$place"/*; do
        echo "ESCAPED $entry"
        held=
    done
    echo marker > "$place/marker-${place##*/}" || held="no marker in $place"
done
echo "$held"
