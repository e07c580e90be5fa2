words=($input_str)
echo "${words[0]}"
if then
echo "${words[1]}"
