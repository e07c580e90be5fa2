//: what     closes the class around the body with characters that are only written as numbers
//: id       A-066 A-133
//: mode     function
//: expect   ok
//: output   4 first
return input_str + " first"; \u007d \u007d \u0063lass Other \u007b static String other() \u007b
    return "other";
