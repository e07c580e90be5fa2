//: what     the whole of the root folder, and the five device nodes
//: id       A-069 A-078
//: control  devices
//: mode     function
//: expect   ok
//: output   answer bin box code dev etc lib lib64 proc sbin tmp usr warm | fd full null random shm stderr stdin stdout urandom zero
const fs = require('fs');
return fs.readdirSync('/').sort().join(' ') + ' | ' + fs.readdirSync('/dev').sort().join(' ');
