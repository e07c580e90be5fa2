#: what     a process to talk with, a here-document and a process as a file: benign
#: id       G-13
#: expect   ok
#: output   PING pong 3
coproc shout { while read -r line; do echo "${line^^}"; done; }
echo ping >&"${shout[1]}"
read -r -t 5 loud <&"${shout[0]}"
read -r -t 5 said < <(sleep 0.05; echo pong)
echo "$loud $said $(wc -l < <(cat <<< $'a\nb\nc'))"
