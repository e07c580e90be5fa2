#: what     empty files until refused
#: id       A-033
#: control  files
#: expect   ok
#: output   held
for ((number = 0; number < 20000; number++)); do
    : 2>/dev/null >/box/$number || { echo held; exit 0; }
done
echo ESCAPED $number files
