System.out.println("debug");
return input_str;
