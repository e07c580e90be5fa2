#: what     looks for every file that is a socket, and for those of containers, buses, name services and displays
#: id       A-111
#: control  host_files
#: expect   ok
#: output   held
held=true
escaped() {
    echo "ESCAPED $1"
    held=false
}
while IFS= read -r found; do
    escaped "$found"
done < <(find / -xdev -type s 2>/dev/null; find /dev /tmp /box /code /etc /usr /run /var -type s 2>/dev/null)
for path in /var /run /run/docker.sock /var/run/docker.sock /run/containerd/containerd.sock /run/podman/podman.sock \
    /run/buildkit/buildkitd.sock /run/dagger /run/dbus/system_bus_socket /run/nscd/socket /var/run/nscd/socket \
    /run/systemd/private /run/systemd/journal/socket /run/user /tmp/.X11-unix /run/postgresql /run/code-runner; do
    [[ -e $path ]] && escaped "$path"
done
# The probe itself: a file that is there is found.
[[ $(find /etc -type f -name passwd) == /etc/passwd ]] || echo "find does not work"
$held && echo held
