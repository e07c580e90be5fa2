//: what     text that would close a wrapper of text: here it is only what it says
//: id       A-133
//: mode     function
//: expect   ok
//: output   a\n  }} */ // \4
String text = """
    a
      }} */ // \\""";
return text + input_str;
