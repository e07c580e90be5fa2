#: what     64 MiB of live data in one word: benign
#: id       G-04
#: expect   ok
#: output   67108864
word=x
for _ in {1..26}; do
    word+=$word
done
echo "${#word}"
