//: what     other meanings for words the harness is made of: only its own answer can suffer
//: mode     function
//: expect   ok|runtime_error|compile_error
#define fputc(character, file) 0
#define answer wrong
#define _Exit(status) return 0
#define return return(void)0,
return "first";
