//: what     writes plausible frames to every descriptor, then fails
//: mode     function
//: expect   runtime_error
//: error    exit code 3
const fs = require('fs');
for (let descriptor = 3; descriptor < 1024; descriptor++) {
  try {
    fs.writeSync(descriptor, Buffer.from([2, 0, 0]));
  } catch {}
}
process.reallyExit(3);
