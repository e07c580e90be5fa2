exit 0
echo "$input_str"
