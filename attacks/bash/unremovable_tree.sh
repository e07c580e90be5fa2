#: what     folders nobody may enter, sticky ones, files that are open and a process that stays in them; the next run finds none of it
#: id       A-034
#: control  shared_scratch
#: inputs   first;second
#: expect   ok;ok
#: output   held;held
shopt -s dotglob nullglob
for folder in /box /tmp /dev/shm; do
    left=("$folder"/*)
    ((${#left[@]} == 0)) || echo "ESCAPED ${left[*]}"
    mkdir -p "$folder/tree/sticky/inner" "$folder/.closed/in/side"
    for name in one two three; do
        echo text >"$folder/tree/$name"
    done
    chmod 1777 "$folder/tree/sticky" && chmod 0000 "$folder/tree/sticky/inner" "$folder/tree/one" "$folder/.closed"
done
exec 8>>/tmp/tree/two 9</box/tree
cd /tmp/tree/sticky || exit 1
sleep 60 >/dev/null 2>&1 &
for folder in /box /tmp /dev/shm; do
    find "$folder/.closed/in" >/dev/null 2>&1 && echo "$folder: the folder is not closed"
done
echo held
