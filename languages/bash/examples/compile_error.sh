greeting="Hello"
echo "$greeting"
echo "$greeting" )
