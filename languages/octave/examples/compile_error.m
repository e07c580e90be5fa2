greeting = "Hello";
disp(greeting);
disp(greeting + );
