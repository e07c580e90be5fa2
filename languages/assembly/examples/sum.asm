        global  main
        extern  scanf, printf

        section .text
main:
        push    rbx
        xor     rbx, rbx                ; the sum
next:
        mov     rdi, input_format
        mov     rsi, number
        xor     eax, eax
        call    scanf
        cmp     eax, 1
        jne     done
        add     rbx, [number]
        jmp     next
done:
        mov     rdi, output_format
        mov     rsi, rbx
        xor     eax, eax
        call    printf
        xor     eax, eax
        pop     rbx
        ret

        section .data
number:         dq 0
input_format:   db "%ld", 0
output_format:  db "%ld", 10, 0
