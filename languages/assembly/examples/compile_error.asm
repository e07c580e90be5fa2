        global  main
main:   xor     eax, eax
        mov     eax, missing
        ret
