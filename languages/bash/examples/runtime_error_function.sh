file=/missing/$input_str
echo "reading $file" >&2
cat < "$file"
