folder=/missing
echo "going to $folder"
cd "$folder"
