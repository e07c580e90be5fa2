//: what     writes a 32-bit program, byte by byte, and runs it; so does a 64-bit one that switches to 32-bit code
//: id       A-096
//: control  seccomp
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BASE = 0x8048000 };

struct program {
    Elf32_Ehdr head;
    Elf32_Phdr segment;
    unsigned char code[64];
    char text[32];
} __attribute__((packed));

enum way { INTERRUPT, SYSENTER, SYSCALL, FAR_RETURN, WAYS };

// write(1, text, 23), exit(0)
static void assemble(unsigned char *code, unsigned text, enum way way) {
    unsigned char lines[] = {0xb8, 4, 0, 0, 0, 0xbb, 1, 0, 0, 0, 0xb9, 0, 0, 0, 0, 0xba, 23, 0, 0, 0, 0xcd, 0x80,
                             0xb8, 1, 0, 0, 0, 0x31, 0xdb, 0xcd, 0x80, 0xf4};
    memcpy(lines + 11, &text, 4);
    if (way == SYSENTER || way == SYSCALL) {
        memcpy(lines + 20, way == SYSENTER ? "\x0f\x34" : "\x0f\x05", 2);
    }
    memcpy(code, lines, sizeof lines);
}

static int write_program(const char *path, enum way way) {
    static struct program program;
    program = (struct program){
        .head = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                 .e_type = ET_EXEC,
                 .e_machine = EM_386,
                 .e_version = EV_CURRENT,
                 .e_entry = BASE + offsetof(struct program, code),
                 .e_phoff = sizeof(Elf32_Ehdr),
                 .e_ehsize = sizeof(Elf32_Ehdr),
                 .e_phentsize = sizeof(Elf32_Phdr),
                 .e_phnum = 1},
        .segment = {.p_type = PT_LOAD,
                    .p_vaddr = BASE,
                    .p_paddr = BASE,
                    .p_filesz = sizeof program,
                    .p_memsz = sizeof program,
                    .p_flags = PF_R | PF_X,
                    .p_align = 4096},
        .text = "ESCAPED in 32-bit code\n",
    };
    assemble(program.code, BASE + offsetof(struct program, text), way);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    int is_written = write(file, &program, sizeof program) == sizeof program;
    return close(file) == 0 && is_written;
}

// A far return into the code segment that the kernel keeps for 32-bit programs.
static void switch_over(void) {
    char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    strcpy(low + 1024, "ESCAPED in 32-bit code\n");
    assemble((unsigned char *)low, (long)low + 1024, FAR_RETURN);
    __asm__ volatile("movq %0, %%rax\n leaq 4000(%%rax), %%rsp\n pushq $0x23\n pushq %%rax\n lretq"
                     :
                     : "r"(low)
                     : "rax", "memory");
}

int main(void) {
    int escaped = 0;
    for (enum way way = INTERRUPT; way < WAYS; way++) {
        int status = 0;
        // A new file each time: the one before may still be running.
        char path[] = {'/', 't', 'm', 'p', '/', 'a' + way, 0};
        if (!write_program(path, way)) {
            puts("the program could not be written");
        }
        if (fork() == 0) {
            if (way == FAR_RETURN) {
                switch_over();
            }
            execl(path, path, NULL);
            _exit(errno == ENOEXEC ? 77 : 1);
        }
        wait(&status);
        // It can neither print nor end itself, and so runs into what is no code; or the processor has no such
        // instruction, or the kernel no such programs.
        int is_stopped = WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 77);
        if (!is_stopped) {
            printf("ESCAPED way %d: status %x\n", way, status);
            escaped++;
        }
    }
    if (escaped == 0) {
        puts("held");
    }
}
