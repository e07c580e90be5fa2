//: what     a body that closes the method and class around it and opens others: still only the student's own answer
//: id       A-133
//: mode     function
//: expect   ok
//: output   4 first
return input_str + " first"; } } class Other { static String other() { int unused = 0;
    return "other";
