        global  main
        extern  malloc, memset

size:   equ     1000000

main:
        sub     rsp, 8
next:
        mov     rdi, size
        call    malloc
        mov     rdi, rax
        mov     rsi, 1
        mov     rdx, size
        call    memset
        jmp     next
