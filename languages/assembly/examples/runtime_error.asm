        global  main
main:   xor     eax, eax
        mov     [rax], eax              ; nothing is at address 0
        ret
