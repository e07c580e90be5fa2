long count = input_str.toLowerCase().chars().filter(letter -> "aeiou".indexOf(letter) >= 0).count();
return String.valueOf(count);
