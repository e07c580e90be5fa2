//: what     a body that closes the function around it and opens another: still only the student's own answer
//: id       A-133
//: mode     function
//: expect   ok
//: output   first
return "first"; } const char *other(const char *input_str) { if (0) { }
return "other";
