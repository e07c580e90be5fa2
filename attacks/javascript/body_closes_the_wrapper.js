//: what     a body that closes the function around it and opens another: it is compiled by itself, and nothing can be closed
//: id       A-133
//: mode     function
//: expect   compile_error
//: error    SyntaxError
return 'first'; }; function other() {
