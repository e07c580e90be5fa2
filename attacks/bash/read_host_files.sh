#: what     reads accounts, keys, settings, data and logs of the host, and looks for more of the kind in the whole tree
#: id       A-069
#: control  host_files
#: expect   ok
#: output   held
breaches=0
escaped() { echo "ESCAPED $*"; breaches=1; }

for path in /etc/{shadow,gshadow,sudoers,machine-id,fstab,ssl/private,ssh,code-runner,hostname,resolv.conf} /root /home /var /run \
    /sys /boot /opt /srv /mnt /media /lost+found /etc/ld.so.preload /{root,var/tmp}/code-runner-canary \
    /var/{lib,log,run,spool}/. /.dockerenv /code/{config,languages,data,logs}; do
    [ ! -e "$path" ] && [ ! -L "$path" ] || escaped "$path: $(head -c 200 "$path" 2>&1)"
done
while IFS= read -r account; do
    [[ $account == root:* || $account == student:* ]] || escaped "account $account"
done </etc/passwd
[ "$(wc -l </etc/passwd)" -ge 1 ] || escaped 'no accounts: nothing was looked at'
while IFS= read -r path; do
    escaped "$path"
done < <(find / -path /proc -prune -o \( -name 'id_rsa*' -o -name 'id_ed25519*' -o -name '*.key' -o -name '*.sqlite*' \
    -o -name '*canary*' -o -name '.env' -o -name '*code-runner*' -o -name 'shadow*' \) -print 2>/dev/null)
[ "$breaches" -ne 0 ] || echo held
