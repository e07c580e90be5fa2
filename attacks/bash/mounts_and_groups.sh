#: what     looks for paths of the host and names of runs in what the kernel says of mounts, control groups and namespaces
#: id       A-072
#: control  cgroup_namespace
#: expect   ok
#: output   held
breaches=0 mounts=0
escaped() { echo "ESCAPED $*"; breaches=1; }

while read -r _ _ _ root target rest; do
    mounts=$((mounts + 1))
    case $root in
    # A whole file system of the box's own, the three parts of its scratch space, or the tool chain where it is seen.
    / | /box | /tmp | /shm | /product | "$target") ;;
    # In a user namespace the five nodes are the host's, each mounted by itself.
    */null | */zero | */full | */random | */urandom) [[ $target == /dev/* ]] || escaped "$target is $root" ;;
    *) escaped "$target is $root" ;;
    esac
    case "$root $target $rest" in
    *code-runner* | *canary* | */home* | */var/* | */run/* | *upperdir* | *lowerdir*) escaped "$root $target $rest" ;;
    esac
done </proc/self/mountinfo
[ "$mounts" -gt 5 ] || escaped 'nothing: there were no mounts to read'

groups=0
while IFS=: read -r _ controllers path; do
    groups=$((groups + 1))
    [ "$path" = / ] || escaped "group $controllers $path"
done </proc/self/cgroup
[ "$groups" -gt 0 ] || escaped 'nothing: there were no groups to read'
[ "$(cat /proc/self/cpuset 2>/dev/null)" = / ] || [ ! -e /proc/self/cpuset ] || escaped "cpuset $(cat /proc/self/cpuset)"

for link in /proc/self/ns/*; do
    [[ $(readlink "$link") =~ ^[a-z]+:\[[0-9]+\]$ ]] || escaped "$link $(readlink "$link")"
done
for text in /proc/$$/{mounts,mountstats,maps,limits,status,cmdline,comm}; do
    ! grep -aE 'code-runner|canary|exec_id' "$text" 2>/dev/null || escaped "$text"
done
[ "$breaches" -ne 0 ] || echo held
