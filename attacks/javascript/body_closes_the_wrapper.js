//: what     a body that closes the function around it and opens another: still only the student's own code and answer
//: mode     function
//: expect   ok|runtime_error|compile_error
return 'first'; }; function other() {
