const words: string[] = input_str.split(" ");
const second: string = words[1];
return second.toUpperCase();
