#: what     random numbers of the shell and of the device; time zones and languages: benign
#: id       G-21 G-22
#: expect   ok
#: output   3 14:00 Ä
numbers=$(printf '%s\n' "$SRANDOM$SRANDOM" "$RANDOM$RANDOM$RANDOM" "$(od -An -N8 -tx8 /dev/urandom)" | sort -u | wc -l)
word=ä
TZ=CET-1CEST,M3.5.0,M10.5.0/3 printf "$numbers %(%H:%M)T ${word^}\n" 1719835200
