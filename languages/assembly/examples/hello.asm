        global  _start

        section .text
_start:
        mov     rax, 1                  ; write
        mov     rdi, 1                  ; standard output
        mov     rsi, message
        mov     rdx, length
        syscall
        mov     rax, 60                 ; exit
        xor     rdi, rdi
        syscall

        section .data
message: db     "Hello, world!", 10
length: equ     $ - message
