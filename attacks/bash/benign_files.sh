#: what     a thousand temporary files, folders, renames: benign
#: id       G-09
#: expect   ok
#: output   1000 moved
folder=$(mktemp -d)
cd "$folder" || exit
for number in {0..999}; do
    echo "$number" > "$number.txt"
done
mkdir -p a/b/c
mv 1.txt a/b/c
echo "$(find . -type f | wc -l) $([[ -e a/b/c/1.txt && ! -e 1.txt ]] && echo moved)"
cd /box && rm -r "$folder"
