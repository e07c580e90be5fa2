#: what     starts twenty children and waits for each: benign
#: id       G-03
#: expect   ok
#: output   190
children=()
for number in {0..19}; do
    (exit "$number") &
    children+=($!)
done
total=0
for child in "${children[@]}"; do
    wait "$child"
    total=$((total + $?))
done
echo "$total"
