#: what     creates, makes folders, renames and changes modes in every folder it can see, and appends to every file
#: id       A-075
#: control  readonly+landlock
#: expect   ok
#: output   /box /dev/shm /tmp
written=()
while IFS= read -r folder; do
    # What can be made is removed at once.
    if { : >"${folder%/}/mark"; } 2>/dev/null; then
        written+=("$folder")
        rm "${folder%/}/mark"
    fi
done < <(find / -path /proc -prune -o -type d -print 2>/dev/null | sort)
while IFS= read -r file; do
    ! { : >>"$file"; } 2>/dev/null || written+=("$file")
done < <(find / \( -path /proc -o -path /dev -o -path /answer \) -prune -o -type f -print 2>/dev/null)
for path in / /bin /code /code/solution.sh /dev /etc /etc/passwd /proc /usr /usr/bin /usr/bin/cat; do
    ! chmod 777 "$path" 2>/dev/null || written+=("mode of $path")
    ! mkdir "$path/mark" 2>/dev/null || { written+=("folder in $path"); rmdir "$path/mark"; }
    ! mv "$path" "$path.moved" 2>/dev/null || { written+=("name of $path"); mv "$path.moved" "$path"; }
done
echo "${written[@]}"
