//: what     every object can be waited for and says something else: the answer is still the student's own
//: id       A-130
//: mode     function
//: expect   ok|runtime_error
Object.prototype.then = function (resolve) {
  resolve('polluted');
};
return { answer: 16 };
