        global  main
        extern  scanf, printf

        section .text
main:
        sub     rsp, 8
        mov     rdi, input_format
        mov     rsi, line
        xor     eax, eax
        call    scanf
        mov     rdi, output_format
        mov     rsi, line
        xor     eax, eax
        call    printf
        xor     eax, eax
        add     rsp, 8
        ret

        section .data
input_format:   db "%999[^", 10, "]", 0
output_format:  db "«%s»", 10, 0

        section .bss
line:   resb    1000
