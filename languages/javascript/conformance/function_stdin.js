return input_str.length + require('fs').readFileSync(0).length;
