#: what     a pipeline of other programs, and a shell: benign
#: id       G-02
#: expect   ok
#: output   b\n7
printf 'b\na\nb\n' | sort | uniq | tail -n 1
bash -c 'exit 7'
echo $?
