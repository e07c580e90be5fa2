console.log("debug");
return input_str;
