        global  main
        extern  puts

        section .text
main:
        sub     rsp, 8
        mov     rdi, message
        call    puts
        mov     eax, 3
        add     rsp, 8
        ret

        section .data
message: db     "before", 0
