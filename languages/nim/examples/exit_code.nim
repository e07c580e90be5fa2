echo "before"
quit 3
