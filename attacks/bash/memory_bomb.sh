#: what     a text that doubles until stopped
#: id       A-015
#: control  memory
#: limits   memory_kib=65536
#: expect   memory_limit
#: peak_kib 68812
text=xxxxxxxxxxxxxxxx
while :; do
    text+=$text
done
