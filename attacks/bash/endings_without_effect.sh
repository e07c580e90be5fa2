#: what     sends itself the signals that end nobody, or that stop only who has somebody to wake him, and ends with status 0
#: id       A-047
#: inputs   0;17;18;20;21;22;23;28
#: expect   ok
#: output   went on
read -r number
kill -"$number" $$
echo went on
