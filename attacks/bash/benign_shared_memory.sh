#: what     a file in shared memory that children write and the parent reads: benign
#: id       G-24
#: expect   ok
#: output   400
for child in {1..4}; do
    for round in {1..100}; do
        echo "$child $round"
    done >> /dev/shm/own &
done
wait
wc -l < /dev/shm/own
