#: what     prints for ever, itself and with a tool
#: id       A-026
#: control  output
#: limits   output_bytes=100000
#: expect   output_limit
#: length   100000
#: wall_ms  3000
yes &
while :; do
    echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
done
