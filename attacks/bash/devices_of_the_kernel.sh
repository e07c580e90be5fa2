#: what     lists and writes where the kernel shows devices, control groups, firmware, traces and the machine's name
#: id       A-074
#: control  host_files
#: expect   ok
#: output   held
breaches=0
escaped() { echo "ESCAPED $*"; breaches=1; }

for path in /sys /sys/fs/cgroup /sys/firmware /sys/kernel/{debug,tracing,security,mm} /sys/class/{net,dmi/id/product_uuid,block} \
    /sys/{module,power/state,bus,devices} /cgroup /debug /tracing /proc/{acpi,bus,scsi,asound,device-tree}; do
    [ ! -e "$path" ] || escaped "$path: $(ls -d "$path"/* 2>&1 | head -n 3 | paste -s -d ' ')"
    ! mkdir "$path/code-runner-probe" 2>/dev/null || { escaped "made a folder in $path"; rmdir "$path/code-runner-probe"; }
done
# No file system of that kind anywhere else.
while read -r line; do
    case ${line##* - } in
    sysfs* | cgroup* | debugfs* | tracefs* | securityfs* | bpf* | pstore* | efivarfs* | configfs* | fusectl*) escaped "$line" ;;
    esac
done </proc/self/mountinfo
[ "$breaches" -ne 0 ] || echo held
