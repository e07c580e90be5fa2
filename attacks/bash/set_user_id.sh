#: what     looks for files that would run with another identity, makes one and runs it, and asks whether any mount would honour it
#: id       A-077
#: control  nosuid
#: expect   ok
#: output   held
breaches=0 mounts=0
escaped() { echo "ESCAPED $*"; breaches=1; }

# The host's packages may bring such files; they must have no effect where they are seen.
while IFS= read -r path; do
    mount=
    while read -r _ _ _ _ target options _; do
        [[ $path != "${target%/}"/* && $path != "$target" ]] || mount=$options
    done </proc/self/mountinfo
    [[ ,$mount, == *,nosuid,* && ,$mount, == *,ro,* ]] || escaped "$path"
done < <(find / -path /proc -prune -o -type f -perm /6000 -print 2>/dev/null)

for folder in /box /tmp /dev/shm; do
    cp /usr/bin/id "$folder/id" && chmod 6755 "$folder/id" || escaped "nothing: no copy could be made in $folder"
    [ "$("$folder/id")" = "$(id)" ] || escaped "$("$folder/id")"
done

# All of them, because a file of another box or of the host must have no effect either.
while read -r _ _ _ _ target options _; do
    mounts=$((mounts + 1))
    [[ ,$options, == *,nosuid,* ]] || escaped "$target honours such files"
done </proc/self/mountinfo
[ "$mounts" -gt 5 ] || escaped 'nothing: there were no mounts to read'
grep -q '^NoNewPrivs:[[:space:]]*1$' /proc/self/status || escaped 'new privileges are possible'
[ "$breaches" -ne 0 ] || echo held
