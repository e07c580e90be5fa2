        global  main
        extern  fgets, fputs, stdin, stdout

        section .text
main:
        sub     rsp, 8
next:
        mov     rdi, line
        mov     rsi, 1000
        mov     rdx, [stdin]
        call    fgets
        test    rax, rax
        jz      done
        mov     rdi, line
        mov     rsi, [stdout]
        call    fputs
        jmp     next
done:
        xor     eax, eax
        add     rsp, 8
        ret

        section .bss
line:   resb    1000
