#: what     changes all that a shell can change about itself and its folders, having looked that nobody did before
#: id       A-117
#: control  shared_scratch
#: inputs   1;2;3
#: expect   ok
#: output   held
held=held
check() {
    [[ $2 == "$3" ]] || { echo "ESCAPED $1 is $2"; held=; }
}
check umask "$(umask)" 0022
check folder "$PWD $(pwd -P)" '/box /box'
check descriptors "$(ulimit -Hn) $(ulimit -Sn)" '256 256'
check files "$(ulimit -Hf)" 65536
check priority "$(nice)" 0
check traps "$(trap)" ''
check jobs "$(jobs)" ''
# Bash itself ignores SIGQUIT.
check signals "$(sed -n 's/^SigIgn:\t0*//p' /proc/$$/status)" 4
check modes "$(stat -c %a /box /tmp /dev/shm | grep -c '^2')" 0
check entries "$(find /box /tmp /dev/shm -mindepth 1 -not -path /dev/shm)" ''
check functions "$(type -t poison)" ''
check terminal "$([[ -t 0 || -t 1 || -t 2 ]] && echo there)" ''
check aliases "$(alias)" ''
echo "$held"

poison() { :; }
alias ls=poison
export BASH_ENV=/box/poison ENV=/box/poison PATH=/tmp LD_PRELOAD=/tmp/poison.so IFS=x
for file in /box/poison /box/.bashrc /box/.bash_profile /tmp/poison.so /dev/shm/poison; do
    echo 'echo ESCAPED' > "$file"
done
/usr/bin/chmod 2777 /box /tmp /dev/shm
/usr/bin/mkdir /tmp/gone && cd /tmp/gone && /usr/bin/rmdir /tmp/gone
trap '' HUP INT TERM USR1 PIPE CHLD
ulimit -n 4 -f 1 -u 2
umask 0777
set -C
