//: what     other meanings for words the harness is made of: its own answer is still the right one
//: id       A-068 A-133
//: mode     function
//: expect   ok
//: output   first
#define fputc(character, file) 0
#define answer wrong
#define _Exit(status) return 0
#define return return(void)0,
return "first";
