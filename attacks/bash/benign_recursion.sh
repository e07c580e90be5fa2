#: what     recursion a thousand deep, which is what the stack of a shell is good for: benign
#: id       G-05
#: mode     function
#: expect   ok
#: output   1000
depth() {
    if (($1 == 0)); then
        echo "$2"
    else
        depth $(($1 - 1)) $(($2 + 1))
    fi
}
depth 1000 0
