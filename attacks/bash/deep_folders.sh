#: what     folders inside folders, ten thousand deep and far beyond the longest path: refused before
#: id       A-033
#: control  files
#: expect   ok
#: output   held
# Chains of 500, each with the one before it moved to its end: no path in a call is a long one.
chain=$(printf '/d%.0s' {1..499})
for ((depth = 500; depth <= 10000; depth += 500)); do
    mkdir -p "/box/$depth$chain" 2>/tmp/message || {
        grep -q 'No space left' /tmp/message && ((depth > 6000)) && echo held && exit 0
        cat /tmp/message
        exit 1
    }
    ((depth == 500)) || mv "/box/$((depth - 500))" "/box/$depth$chain/" || exit 2
done
echo ESCAPED 10000 folders
