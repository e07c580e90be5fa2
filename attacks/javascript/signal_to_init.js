//: what     signals to PID 1 of the box are refused
//: id       A-044
//: control  uid+landlock
//: expect   ok
//: output   refused
const reached = [];
for (let number = 0; number < 65; number++) {
  try {
    process.kill(1, number);
    reached.push(number);
  } catch {}
}
console.log(reached.join(' ') || 'refused');
