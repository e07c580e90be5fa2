return String([...input_str.toLowerCase()].filter((letter) => "aeiou".includes(letter)).length);
