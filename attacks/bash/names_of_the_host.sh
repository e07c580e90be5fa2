#: what     asks for everything that tells one machine from another: names, ids, addresses, start parameters, disks, people
#: id       A-089
#: control  uts
#: expect   ok
#: output   held
breaches=0
escaped() { echo "ESCAPED $*"; breaches=1; }

[ "$(uname -n)" = box ] && [ "$HOSTNAME" = box ] || escaped "is called $(uname -n), $HOSTNAME"
[ "$(id -un) $(id -gn) $(whoami)" = 'student student student' ] || escaped "is $(id)"
[ "$(id -u)" -ge 10000 ] && [ "$(id -G)" = "$(id -u)" ] || escaped "is $(id)"
for path in /etc/{machine-id,hostname,os-release,debian_version,issue,resolv.conf,mtab,fstab,adjtime,timezone,localtime} \
    /var/lib/dbus/machine-id /proc/{cmdline,version,cpuinfo,partitions,diskstats,mounts,net,sys} /proc/sys/kernel/{hostname,random/boot_id} \
    /sys/class/{net,dmi,block} /dev/{disk,vda,sda,mapper} /run/{utmp,systemd}; do
    [ ! -e "$path" ] || escaped "$path: $(head -c 200 "$path" 2>&1 | tr '\0' ' ')"
done
# Not a card of the host, only loopback, whose address is zero everywhere.
while IFS=: read -r name rest; do
    name=${name// /}
    [[ $rest == *[0-9]* ]] || continue
    [[ $name =~ ^(lo|tunl0|sit0|ip6tnl0|gre0|gretap0|erspan0|ip_vti0|ip6_vti0|ip6gre0)$ ]] || escaped "network card $name"
done < <(tail -n +3 /proc/self/net/dev)
[ -r /proc/self/net/dev ] || escaped 'nothing: no list of network cards'
! grep -qv '^IP address' /proc/self/net/arp 2>/dev/null || escaped "$(</proc/self/net/arp)"
! tail -n +2 /proc/self/net/route 2>/dev/null | grep -q . || escaped "$(</proc/self/net/route)"
# No account but its own, and nobody logged on.
[ "$(cut -d: -f1 /etc/passwd | paste -s -d ' ')" = 'root student' ] || escaped "$(</etc/passwd)"
[ "$(cut -d: -f1 /etc/group | paste -s -d ' ')" = 'root student' ] || escaped "$(</etc/group)"
[ "$(date +%Z)" = UTC ] || escaped "time zone $(date +%Z)"
[ "$breaches" -ne 0 ] || echo held
